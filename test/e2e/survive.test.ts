import { readFile } from 'node:fs/promises';
import { zipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { layoutShift } from './controls';
import { outputNumber, useBrowser } from './setup';
import { checkpointsOf, crash, curvesOf, linkOf, noticesOf, reachEngine, untilStep } from './surviving';

const browser = useBrowser();
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
/** After one step, which is kept. */
async function begun(page: Page): Promise<void> {
  await page.getByText('after step 0').waitFor({ timeout: 120_000 });
  await button(page, 'Step').click();
  await untilStep(page, 1);
  await expect.poll(() => checkpointsOf(page), { timeout: 60_000 }).toHaveLength(1);
}
const last = (page: Page) => page.getByRole('region', { name: 'The last run' });

/** Until the run of so many steps is over, and kept. */
async function finished(page: Page, steps: number): Promise<Record<string, number[]>> {
  await untilStep(page, steps);
  await expect.poll(async () => (await curvesOf(page)).step.length, { timeout: 60_000 }).toBe(steps);
  return curvesOf(page);
}

const STEPS = 24;

it('goes on with a run whose tab was killed, number for number as one that was not', async () => {
  const link = `${inject('pageUrl')}?backend=wasm${linkOf(STEPS)}`;
  const whole = await browser.open(link);
  await button(whole, 'Play').click();
  const expected = await finished(whole, STEPS);
  expect(expected.step).toHaveLength(STEPS);

  let page = await browser.open(link);
  const context = page.context();
  await begun(page);
  for (const [name, from] of [
    ['Play', 2],
    ['Go on', 10],
  ] as const) {
    await button(page, name).click();
    await untilStep(page, from + Math.floor(8 * Math.random()));
    await crash(page);
    page = await context.newPage();
    await page.goto(`${inject('pageUrl')}?backend=wasm`);
    await last(page).getByText('Your last run stopped after step').waitFor({ timeout: 60_000 });
  }
  await button(page, 'Go on').click();
  expect(await finished(page, STEPS)).toEqual(expected);
  expect(await outputNumber(page, 'student accuracy')).not.toBeNaN();

  // A finished run's student is kept, too, until it is forgotten.
  await expect.poll(async () => (await checkpointsOf(page)).join()).toContain(`step-${STEPS}-`);
  await page.reload();
  await last(page).getByText(`Your last run finished after step ${STEPS}`).waitFor({ timeout: 60_000 });
  await button(page, 'Open it').click();
  await untilStep(page, STEPS);
  await page.reload();
  await button(page, 'Forget it').click();
  await expect.poll(() => checkpointsOf(page)).toEqual([]);
});

/** The page, with its engine within reach of the test. */
async function openWithin(address: string): Promise<Page> {
  const page = await browser.open('about:blank');
  await reachEngine(page);
  await page.goto(address);
  return page;
}

it('goes on by itself from the last checkpoint where the device is lost or the worker ends, and asks after the third time', async () => {
  const page = await openWithin(`${inject('pageUrl')}${linkOf(400)}`);
  await begun(page);
  await button(page, 'Play').click();
  await untilStep(page, 2);
  await page.evaluate(() => window.engineWorker.postMessage('destroy the device'));
  await expect
    .poll(() => noticesOf(page), { timeout: 120_000 })
    .toMatch(/The graphics processor was lost.* The run goes on from step \d+, on WebGPU/);
  const before = await outputNumber(page, 'step');
  expect(before).toBeGreaterThan(0);
  await untilStep(page, before + 2);

  await page.evaluate(() => window.engineWorker.terminate());
  await expect.poll(() => noticesOf(page), { timeout: 120_000 }).toContain('The engine ended: its worker');
  await untilStep(page, before + 1);

  await page.evaluate(() => window.engineWorker.postMessage('destroy the device'));
  const question = page.getByRole('alert', { name: 'The engine has ended' });
  await question.getByText('third time in ten minutes').waitFor({ timeout: 60_000 });
  const download = page.waitForEvent('download', { timeout: 180_000 });
  await button(page, 'Export student').click();
  expect((await download).suggestedFilename()).toBe('student.zip');
  await page.getByText('WebAssembly', { exact: false }).first().waitFor();
  await button(page, 'Play').click();
  await untilStep(page, before + 3);
  expect(await page.getByText(/unmapped|destroyed|Error:/).count()).toBe(0);
});

it('offers another engine where the one that trains hangs', async () => {
  const page = await openWithin(`${inject('pageUrl')}?backend=wasm${linkOf(400)}`);
  await page.clock.install();
  await page.reload();
  await begun(page);
  await button(page, 'Play').click();
  await untilStep(page, 2);
  await page.evaluate(() => window.engineWorker.postMessage('hang'));
  // It waits ten times as long as for the slowest step before.
  const notice = page.getByRole('alert', { name: 'The engine is silent' });
  const isSaid = async () => {
    await page.clock.runFor(70_000);
    return notice.isVisible();
  };
  await expect.poll(isSaid, { timeout: 60_000 }).toBe(true);
  await button(page, 'Start it anew').click();
  await expect
    .poll(() => noticesOf(page), { timeout: 60_000 })
    .toContain('The engine did not answer any more, and was started anew. The run goes on from step');
  const before = await outputNumber(page, 'step');
  await untilStep(page, before + 2);
  expect(await page.getByRole('alert').count()).toBe(0);
});

it('shows what a diverging run stumbled on, and goes back to the last checkpoint', async () => {
  const train = { optimizer: 'sgd', warmupSteps: 0, log: [{ step: 1, learningRate: 1e30 }] };
  const page = await browser.open(`${inject('pageUrl')}?backend=wasm${linkOf(50, train)}`);
  await begun(page);
  await button(page, 'Play').click();
  await page
    .getByRole('alert')
    .getByText(/no longer a number after step \d+: .* is the first tensor/)
    .waitFor({ timeout: 60_000 });
  const notice = page.getByRole('region', { name: 'Where the loss stopped being a number' });
  await notice.getByRole('img').nth(7).waitFor();
  await button(page, 'Back to step 1, the last that was kept').click();
  await expect.poll(() => outputNumber(page, 'step'), { timeout: 60_000 }).toBe(1);
  expect(await notice.count()).toBe(0);
});

/** A zip of two classes, each of these pictures. */
async function birds(finches: number[], owls: number[]) {
  const image = (i: number) => readFile(`test/fixtures/reference/data/00${i}.png`);
  const entries = [
    ...finches.map(async (i) => [`birds/finch/${i}.png`, await image(i)] as const),
    ...owls.map(async (i) => [`birds/owl/${i}.png`, await image(i)] as const),
  ];
  const buffer = Buffer.from(
    zipSync(Object.fromEntries(await Promise.all(entries)), { mtime: '2020-01-01' }),
  );
  return { name: 'birds.zip', mimeType: '', buffer };
}

it('asks for dropped data again by name, knows it by its contents, and goes on', async () => {
  const page = await browser.open(`${inject('pageUrl')}?backend=wasm${linkOf(400)}`);
  await page.getByText('after step 0').waitFor({ timeout: 120_000 });
  const right = await birds([0, 1, 2, 3], [4, 5, 6, 7]);
  await page.getByLabel('Images and captions', { exact: true }).setInputFiles([right]);
  const data = (of: Page) => of.getByRole('region', { name: 'Data', exact: true });
  await data(page)
    .getByText(/^2 classes/)
    .waitFor({ timeout: 60_000 });
  await button(page, 'Play').click();
  await untilStep(page, 2);
  // Whole, no longer being written.
  await expect.poll(async () => (await checkpointsOf(page)).join(), { timeout: 60_000 }).toMatch(/tensors$/);

  await page.close();
  const back = await page.context().newPage();
  await back.goto(`${inject('pageUrl')}?backend=wasm`);
  await expect.poll(() => noticesOf(back), { timeout: 60_000 }).toContain('Your last run stopped after step');
  await button(back, 'Go on').click();
  await last(back).getByText('Drop the data “birds.zip” here again').waitFor();
  const give = (file: typeof right) => last(back).getByLabel('Files of the last run').setInputFiles([file]);
  await give(await birds([4, 5, 6, 7], [0, 1, 2, 3]));
  await last(back)
    .getByRole('alert')
    .getByText(
      'That is not what the run was trained on: the data “birds.zip”, with the same contents, would be right.',
    )
    .waitFor();
  await give(right);
  await last(back).waitFor({ state: 'detached', timeout: 60_000 });
  await data(back)
    .getByText(/^2 classes/)
    .waitFor();
  await untilStep(back, 2);
});

it('tells a second tab of a run that the first one has, and lets it watch', async () => {
  const page = await browser.open(`${inject('pageUrl')}?backend=wasm`);
  await begun(page);
  const second = await page.context().newPage();
  await second.goto(`${inject('pageUrl')}?backend=wasm`);
  await last(second).getByText('open in another tab').waitFor({ timeout: 60_000 });
  // It lies over the page: it moves nothing, and Play is free.
  await second.getByText('after step 0').waitFor({ timeout: 60_000 });
  expect(await layoutShift(second)).toBeLessThan(0.02);
  await button(second, 'Play').click({ trial: true });

  await button(second, 'Watch it here').click();
  await last(second)
    .getByText(/paused, step 1, total loss \d/)
    .waitFor();
  await button(page, 'Step').click();
  await last(second)
    .getByText(/paused, step 2, total loss \d/)
    .waitFor();
  await second.getByRole('checkbox', { name: /^ComKD, 2 steps, in the charts/, checked: true }).waitFor();
  expect(await outputNumber(second, 'step')).toBe(0);
  await page.close();
  await button(second, 'Go on').waitFor({ timeout: 60_000 });
});

it('tells a second tab, too, of a run that begins later in the first one, and offers it where that is closed', async () => {
  const page = await browser.open(`${inject('pageUrl')}?backend=wasm`);
  const second = await page.context().newPage();
  await second.goto(`${inject('pageUrl')}?backend=wasm`);
  await second.getByText('after step 0').waitFor({ timeout: 120_000 });
  await begun(page);
  await last(second).getByText('open in another tab').waitFor({ timeout: 60_000 });
  await button(second, 'Watch it here').click();
  await last(second)
    .getByText(/paused, step 1, total loss \d/)
    .waitFor();
  await button(second, 'Stop watching').click();
  await last(second).getByText('open in another tab').waitFor();
  await page.close();
  await button(second, 'Go on').waitFor();
});
