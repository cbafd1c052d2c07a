import type { Page } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { button, layoutShift, region, restart, settled } from './controls';
import { outputNumber, useBrowser } from './setup';

const fakeUrl = inject('fakeUrl');
const browser = useBrowser();

const overflow = (page: Page) =>
  page.evaluate(() => [
    document.documentElement.scrollWidth - innerWidth,
    document.documentElement.scrollHeight - innerHeight,
  ]);

/** How many pixels of the screen a chart's canvas has for each that it takes. */
const sharpness = (page: Page) =>
  page.getByRole('img', { name: 'Losses over the steps' }).evaluate((chart) => {
    const canvas = chart.querySelector('canvas');
    return canvas ? canvas.width / canvas.getBoundingClientRect().width / devicePixelRatio : 0;
  });

async function openAfter(steps: number, query = '', size = {}): Promise<Page> {
  const page = await browser.open(`${fakeUrl}?speed=100${query}`, size);
  await button(page, 'Play').click();
  await expect.poll(() => outputNumber(page, 'step'), { timeout: 30_000 }).toBeGreaterThan(steps);
  return page;
}

/** Lecture rooms' sizes. */
const sizes = [
  { width: 1280, height: 720 },
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
];

/** The sizes one after another, the page having followed. */
async function* inSizes(page: Page, all: typeof sizes) {
  for (const size of all) {
    await page.setViewportSize(size);
    await expect.poll(() => overflow(page), { message: `${size.width} × ${size.height}` }).toEqual([0, 0]);
    yield size;
  }
}

it('has its three columns on one screen', async () => {
  const page = await openAfter(10);
  for await (const { width, height } of inSizes(page, [{ width: 1200, height: 720 }, ...sizes])) {
    const tops = await Promise.all(
      ['Data', 'Distillation', 'Results'].map(async (name) => (await region(page, name).boundingBox())?.x),
    );
    expect(tops, `${width}`).toEqual(tops.toSorted((a, b) => Number(a) - Number(b)));
    for (const name of ['Losses over the steps', 'Accuracy over the steps']) {
      const box = await page.getByRole('img', { name }).boundingBox();
      expect(box?.height, name).toBeGreaterThan(70);
      expect(Number(box?.y) + Number(box?.height), name).toBeLessThan(height);
    }
  }
});

it('presents on all of a screen, with sharp charts that are exact under the pointer', async () => {
  const page = await openAfter(30, '&present');
  await button(page, 'Pause').click();
  // Its step under way is over; alone, it has no row to be seen.
  await region(page, 'Results').getByText('ComKD paused').waitFor({ state: 'attached' });
  const last = await outputNumber(page, 'step');
  const plot = page.getByRole('img', { name: 'Losses over the steps' }).locator('.u-over');
  const atPointer = region(page, 'Results').getByText(`step ${last}`, { exact: true }).first();
  for await (const { width, height } of inSizes(page, [...sizes, { width: 3840, height: 2160 }])) {
    const figure = await region(page, 'Distillation').boundingBox();
    const results = await region(page, 'Results').boundingBox();
    expect(Number(results?.x) + Number(results?.width), `${width}`).toBeGreaterThan(width * 0.98);
    expect(Number(figure?.y) + Number(figure?.height), `${width}`).toBeGreaterThan(height * 0.97);
    await expect.poll(() => sharpness(page)).toBeCloseTo(1, 1);
    // Once it has come to rest in this size.
    await plot.hover();
    const box = await plot.boundingBox();
    await plot.hover({ position: { x: Number(box?.width) - 1, y: Number(box?.height) / 2 } });
    await atPointer.waitFor();
    await page.mouse.move(2, 2);
    await atPointer.waitFor({ state: 'detached' });
  }
});

it('names whose line each in the charts is while presenting', async () => {
  const page = await openAfter(12, '&present');
  await page.getByRole('switch', { name: 'IFAlign' }).click();
  await restart(page);
  const results = region(page, 'Results');
  await results.getByText(/^without IFAlign (running|loading)/).waitFor();
  await results.getByText(/^ComKD \d+ steps/).waitFor();
  for (const name of ['student', 'teacher', 'chance'])
    await results.getByRole('button', { name, exact: true }).waitFor();
});

it('never takes a chart away, makes none anew while a run goes on, and keeps its zoom', async () => {
  const page = await openAfter(40);
  const chart = page.getByRole('img', { name: 'Losses over the steps' });
  const made = await chart.evaluateHandle((host) => {
    const counts = { made: 0, least: 1 };
    new MutationObserver((records) => {
      counts.made += records.flatMap(({ addedNodes }) => [...addedNodes]).length;
      counts.least = Math.min(counts.least, host.querySelectorAll('.uplot').length);
    }).observe(host.children[0], { childList: true });
    return counts;
  });
  const plot = chart.locator('.u-over');
  const box = await plot.boundingBox();
  const [left, top, width] = [Number(box?.x), Number(box?.y) + 20, Number(box?.width)];
  await page.mouse.move(left + width * 0.25, top);
  await page.mouse.down();
  await page.mouse.move(left + width * 0.5, top, { steps: 4 });
  await page.mouse.up();
  const stepAt = async (share: number) => {
    await page.mouse.move(left + width * share, top);
    const text = await region(page, 'Results')
      .getByText(/^step \d+$/)
      .first()
      .textContent();
    return Number(text?.replace(/\D/g, ''));
  };
  const before = await stepAt(0.98);
  // A hidden tab stores the run at once.
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await settled(page);
  expect(await stepAt(0.98)).toBe(before);
  expect(await made.jsonValue()).toEqual({ made: 0, least: 1 });
  // A run more in the charts takes another plot.
  await page.mouse.move(2, 2);
  await restart(page);
  await expect.poll(async () => (await made.jsonValue()).made, { timeout: 10_000 }).toBe(1);
  expect((await made.jsonValue()).least).toBe(1);
});

it('says what chance is, and no share of the teacher’s accuracy before it is more', async () => {
  const page = await browser.open(`${fakeUrl}?speed=100`);
  await page.getByText('after step 0').waitFor();
  expect(await outputNumber(page, 'chance')).toBe(5);
  const results = region(page, 'Results');
  await results.getByText(/of the teacher’s parameters\.$/).waitFor();
  await button(page, 'Play').click();
  await results.getByText(/of the teacher’s parameters and \d+ % of its accuracy\.$/).waitFor();
});

/** As if the tab were hidden, or came back. */
const make = (page: Page, state: 'hidden' | 'visible') =>
  page.evaluate((value) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);

it('says what it is on the opening page, until the first step, and again in Help, where the screen can be kept on; and on return how long it stood still', async () => {
  const page = await browser.open(fakeUrl);
  const sentence = page.getByText(
    'A small CLIP (orange) learns to answer like a big one (blue). Press Play.',
  );
  await sentence.waitFor();
  await page.getByText('after step 0').waitFor();
  await button(page, 'Step').click();
  await sentence.waitFor({ state: 'detached' });
  await button(page, 'Help').click();
  await sentence.waitFor();

  await page.evaluate(() => {
    WakeLock.prototype.request = async () => {
      document.body.dataset['screen'] = 'on';
      const release = async () => {
        document.body.dataset['screen'] = '';
        sentinel.released = true;
      };
      const type = 'screen' as const;
      const sentinel = Object.assign(new EventTarget(), { released: false, type, onrelease: null, release });
      return sentinel;
    };
  });
  await page.getByRole('switch', { name: 'Keep the screen on' }).click();
  await page.keyboard.press('Escape');
  const isOn = page.locator('[data-screen="on"]');
  expect(await isOn.count()).toBe(0);
  await button(page, 'Play').click();
  await isOn.waitFor();

  await make(page, 'hidden');
  await isOn.waitFor({ state: 'detached' });
  await page.evaluate(() => {
    const { now } = Date;
    Date.now = () => now() + 5 * 60_000;
  });
  const before = await outputNumber(page, 'step');
  await expect.poll(() => outputNumber(page, 'step')).toBeGreaterThan(before + 1);
  await make(page, 'visible');
  await page
    .getByRole('status')
    .getByText(/^While this tab was hidden, .* stand still for 5 min; \d+ steps came/)
    .waitFor();
  await isOn.waitFor();
});

it('moves nothing where WebAssembly turns out to be used', async () => {
  const page = await browser.open(`${fakeUrl}?wasm`);
  await page.getByText('after step 0').waitFor();
  await settled(page);
  // The font alone, as it comes, moves 0.011.
  expect(await layoutShift(page)).toBeLessThan(0.02);
});

it('has the views of Inspect beside the step that they are of, at 1024 pixels', async () => {
  const page = await openAfter(10, '', { width: 1024, height: 768 });
  const view = await page.getByRole('radio', { name: 'Ask' }).boundingBox();
  const note = await region(page, 'Inspect')
    .getByText(/^after step/)
    .boundingBox();
  expect(Number(view?.x) + Number(view?.width)).toBeLessThanOrEqual(Number(note?.x));
});
