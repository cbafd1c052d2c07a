import type { Page } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { violations } from './accessibility';
import { outputNumber, useBrowser } from './setup';

const fakeUrl = inject('fakeUrl');
const browser = useBrowser();

const inspect = (page: Page) => page.getByRole('region', { name: 'Inspect', exact: true });
const map = (page: Page) => page.getByRole('application', { name: /^Features map;/ });
/** The map as it is drawn. */
const picture = (page: Page) =>
  map(page)
    .locator('canvas')
    .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());

async function openMap(
  options: { width?: number; height?: number; dark?: boolean } = {},
  search = '',
): Promise<Page> {
  const page = await browser.open(fakeUrl + search, options);
  await page.getByText('after step 0').waitFor();
  await inspect(page).getByText('Features map', { exact: true }).click();
  await page.getByLabel('Mean distance', { exact: true }).waitFor();
  return page;
}

it('shows the distance between both models shrink while the student learns', async () => {
  const page = await openMap();
  expect(await outputNumber(page, 'Mean distance')).toBeGreaterThan(0.8);
  const before = await picture(page);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect.poll(() => outputNumber(page, 'Mean distance'), { timeout: 30_000 }).toBeLessThan(0.7);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  expect(await picture(page)).not.toBe(before);
  await inspect(page)
    .getByText(/^axes: \d+ \+ \d+ % of the variance$/)
    .waitFor();
});

it('comes back from a door to the map', async () => {
  const page = await openMap();
  await page
    .getByRole('region', { name: 'Distillation' })
    .getByRole('button', { name: 'IFAlign', exact: true })
    .click();
  await map(page).waitFor({ state: 'detached' });
  await inspect(page).getByRole('button', { name: 'back to the features map' }).click();
  await map(page).waitFor();
});

it('goes from image to image by keys, and lets the figure follow one', async () => {
  const page = await openMap();
  await inspect(page).getByText('Point at an image').waitFor();
  await map(page).focus();
  await page.keyboard.press('ArrowDown');
  await inspect(page).getByText('peacock').first().waitFor();
  await inspect(page).getByText('distance', { exact: true }).waitFor();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  // Of the images, every twentieth is of the same class.
  await page.getByText('held-out image 22 of 40').waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('held-out image 1 of 40').waitFor();
});

it('answers to the pointer over a point, and follows it when it is pressed', async () => {
  const page = await openMap();
  const box = await map(page).boundingBox();
  if (!box) throw new Error('The map has no size.');
  // Before the first step the student's points lie close together.
  const found = async () => (await inspect(page).getByText('distance', { exact: true }).count()) > 0;
  for (let x = 0.1; x < 0.9 && !(await found()); x += 0.02)
    await page.mouse.move(box.x + box.width * x, box.y + box.height * 0.6);
  expect(await found()).toBe(true);
  await page.mouse.down();
  await page.mouse.up();
  await page.mouse.move(box.x + 2, box.y + 2);
  // The image that is followed stays in view.
  expect(await found()).toBe(true);
});

it('zooms by wheel, keys and buttons, and hides lines', async () => {
  const page = await openMap();
  const whole = await picture(page);
  await inspect(page).getByRole('button', { name: 'Zoom in' }).click();
  expect(await picture(page)).not.toBe(whole);
  await inspect(page).getByRole('button', { name: 'Show the whole map' }).click();
  expect(await picture(page)).toBe(whole);
  await map(page).hover({ position: { x: 3, y: 3 } });
  await page.mouse.wheel(0, -300);
  await expect.poll(() => picture(page)).not.toBe(whole);
  await inspect(page).getByRole('button', { name: 'Show the whole map' }).click();
  await page.mouse.move(0, 0);
  await expect.poll(() => picture(page)).toBe(whole);
  await inspect(page).getByRole('checkbox', { name: 'lines' }).uncheck();
  expect(await picture(page)).not.toBe(whole);
});

it('computes UMAP on demand, says when it is old, and lets it be cancelled', async () => {
  const page = await openMap();
  await inspect(page).getByText('UMAP', { exact: true }).click();
  // So few images would be laid out before anybody could cancel.
  const worker = '**/reduce.worker*';
  await page.route(worker, () => undefined);
  await inspect(page).getByRole('button', { name: 'Compute UMAP' }).click();
  await inspect(page).getByRole('button', { name: 'Cancel' }).click();
  await page.unroute(worker);
  await inspect(page).getByRole('button', { name: 'Compute UMAP' }).click();
  await map(page).waitFor();
  expect(await inspect(page).getByRole('button', { name: 'Compute again' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await inspect(page).getByText('as after step 0').waitFor();
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await inspect(page).getByRole('button', { name: 'Compute again' }).click();
  await inspect(page).getByText('distances between groups mean little').waitFor();
});

it('says what is the matter where a run has diverged', async () => {
  const page = await openMap({}, '?diverged');
  await inspect(page)
    .getByText(/it has diverged\.$/)
    .waitFor();
  expect(await page.getByLabel('Mean distance', { exact: true }).textContent()).toBe('–');
  await inspect(page).getByText('UMAP', { exact: true }).click();
  expect(await inspect(page).getByRole('button', { name: 'Compute UMAP' }).isDisabled()).toBe(true);
});

it('says that a single image makes no map', async () => {
  const page = await browser.open(`${fakeUrl}?images=1`);
  await inspect(page).getByText('Features map', { exact: true }).click();
  await inspect(page).getByText('A map takes two images or more; here is 1.').waitFor();
});

it.each([
  [1440, 900, false],
  [1024, 768, true],
] as const)('has a map that fits and can be read (%i × %i, dark: %s)', async (width, height, dark) => {
  const page = await openMap({ width, height, dark });
  await map(page).focus();
  await inspect(page).getByRole('checkbox', { name: 'texts' }).check();
  expect(await violations(page)).toEqual([]);
  const overflow = await inspect(page).evaluate((panel) => [
    panel.scrollWidth - panel.clientWidth,
    panel.scrollHeight - panel.clientHeight,
  ]);
  expect(overflow).toEqual([0, 0]);
});
