import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { violations } from './accessibility';
import { outputNumber, useBrowser } from './setup';

const fakeUrl = inject('fakeUrl');
const browser = useBrowser();

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });
const dialog = (page: Page, name: string) => page.getByRole('dialog', { name, exact: true });
const results = (page: Page) => page.getByRole('region', { name: 'Results', exact: true });

async function reachStep(page: Page, step: number): Promise<void> {
  await page.waitForFunction(
    (least) => Number(document.querySelector('output[aria-label="step"]')?.textContent) >= least,
    step,
  );
}

/** A page with a default run that was replaced by one without IFAlign, which is paused. */
async function openTwoRuns(size: { width?: number; height?: number } = {}): Promise<Page> {
  const page = await browser.open(`${fakeUrl}?speed=100`, size);
  await page.getByText('after step 0').waitFor();
  await button(page, 'Play').click();
  await reachStep(page, 12);
  await page.getByRole('switch', { name: 'IFAlign' }).click();
  await button(page, 'Apply and restart').click();
  await results(page).getByText('without IFAlign running').waitFor();
  await reachStep(page, 3);
  await button(page, 'Pause').click();
  await results(page).getByText('without IFAlign paused').waitFor();
  return page;
}

/** What a download that `start` begins holds. */
async function downloaded(page: Page, start: () => Promise<void>): Promise<Buffer> {
  const [file] = await Promise.all([page.waitForEvent('download'), start()]);
  return readFile(await file.path());
}

it('draws an earlier run under the one of the moment, says what it has otherwise, gives its settings, and stays or goes over a reload', async () => {
  const page = await openTwoRuns();
  const earlier = results(page).getByRole('checkbox', { name: /^ComKD, \d+ steps, in the charts$/ });
  expect(await earlier.isChecked()).toBe(true);
  await results(page).getByLabel('Losses over the steps').hover();
  await results(page)
    .getByText(/^at step \d+$/)
    .waitFor();
  await page.getByRole('combobox', { name: 'Figure of the other runs' }).selectOption('others: α');
  await earlier.uncheck();
  expect(await page.getByRole('combobox', { name: 'Figure of the other runs' }).count()).toBe(0);
  const isOn = () => page.getByRole('switch', { name: 'IFAlign' }).getAttribute('aria-checked');
  expect(await isOn()).toBe('false');
  await button(page, '1 earlier…').click();
  await dialog(page, 'Runs')
    .getByText(/^with IFAlign; Emoji by seven artists/)
    .waitFor();
  await dialog(page, 'Runs').getByRole('button', { name: 'Use the settings of ComKD' }).click();
  await page.keyboard.press('Escape');
  expect(await isOn()).toBe('true');
  // What is drawn is the same after a reload.
  await earlier.check();
  await page.reload();
  await page.getByText('after step 0').waitFor();
  await expect.poll(() => earlier.isChecked()).toBe(true);
  await earlier.uncheck();
  await page.reload();
  await page.getByText('after step 0').waitFor();
  await earlier.waitFor();
  expect(await earlier.isChecked()).toBe(false);
});

it('compares at the step that all have reached, and tells long names apart on one line of a small screen', async () => {
  const page = await openTwoRuns({ width: 1280, height: 720 });
  const last = await outputNumber(page, 'step');
  await results(page).getByText(`at step ${last}`, { exact: true }).waitFor();
  const earlier = results(page)
    .getByRole('listitem')
    .filter({ has: page.getByRole('checkbox', { name: /^ComKD/ }) });
  const inCard = await earlier.innerText();
  await button(page, '1 earlier…').click();
  const runs = dialog(page, 'Runs');
  await runs.getByRole('columnheader', { name: `KL at step ${last}` }).waitFor();
  await runs.getByRole('columnheader', { name: `Student at step ${last}` }).waitFor();
  const klOf = (row: number) => runs.getByRole('row').nth(row).getByRole('cell').nth(6).innerText();
  expect(await klOf(1), 'at its own end').toMatch(/^\d+\.\d+$/);
  expect(await klOf(2), 'beyond it').toMatch(/^\d+\.\d+\nat end \d+\.\d+$/);
  expect(inCard).toContain((await klOf(2)).split('\n')[0]);

  await runs.getByRole('combobox', { name: 'Format of the export' }).selectOption('JSON, to import');
  const exported = await downloaded(page, () => runs.getByRole('button', { name: 'Export' }).click());
  const file = JSON.parse(exported.toString());
  const named = [1, 2, 3, 4, 5, 6].map((i) => ({
    ...file.runs[1],
    id: `long ${i}`,
    name: `what the students of last week’s seminar have tried with their pictures of birds, take ${i}`,
    startedAt: file.runs[1].startedAt + i,
  }));
  const buffer = Buffer.from(JSON.stringify({ ...file, runs: named }));
  await runs
    .getByLabel('Files of runs')
    .setInputFiles([{ name: 'long.json', mimeType: 'application/json', buffer }]);
  await runs.getByText('6 runs imported').waitFor();
  /** Those of which all that tells them apart can be seen. */
  const seenEnds = (within: Locator) =>
    within.getByText(/take \d$/).evaluateAll(
      (all) =>
        all.filter((one) => {
          const { left, top, right, bottom } = (one.lastChild?.parentElement ?? one).getBoundingClientRect();
          const text = document.createRange();
          if (one.lastChild) text.selectNode(one.lastChild);
          const end = text.getBoundingClientRect();
          const isOneLine = bottom - top < 26;
          return isOneLine && end.left >= left && end.right <= right + 1 && bottom <= innerHeight;
        }).length,
    );
  await expect.poll(() => seenEnds(runs)).toBeGreaterThanOrEqual(5);
  await page.keyboard.press('Escape');
  // The names of four, beside the run of the moment and the one in the charts.
  await expect.poll(() => seenEnds(results(page))).toBe(4);
  expect(await results(page).getByRole('checkbox').count()).toBe(5);
  const isCut = await results(page)
    .getByRole('list')
    .last()
    .evaluate((list) => list.scrollHeight > list.clientHeight);
  expect(isCut).toBe(false);
});

it('keeps runs and their names over a reload, the interrupted one too, deletes them, and brings them back', async () => {
  const page = await openTwoRuns();
  await button(page, '1 earlier…').click();
  const runs = dialog(page, 'Runs');
  await runs.getByRole('textbox', { name: 'Name of without IFAlign' }).fill('my own');
  await runs.getByRole('textbox', { name: 'Name of without IFAlign' }).press('Enter');
  await runs.getByRole('textbox', { name: 'Name of my own' }).waitFor();
  await page.keyboard.press('Escape');
  await button(page, 'Play').click();
  await reachStep(page, 20);
  await page.reload();
  await button(page, 'All 2 earlier…').click();
  await runs.getByRole('textbox', { name: 'Name of my own' }).waitFor();
  const names = () =>
    runs.getByRole('textbox').evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value));
  expect(await names()).toEqual(['my own', 'ComKD']);
  const steps = await runs.getByRole('row').nth(1).getByRole('cell').nth(3).textContent();
  expect(Number(steps)).toBeGreaterThanOrEqual(20);
  await runs.getByRole('button', { name: 'Name', exact: true }).click();
  expect(await names()).toEqual(['ComKD', 'my own']);
  expect(await runs.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort')).toBe('ascending');
  await runs.getByRole('button', { name: 'Delete ComKD' }).click();
  await runs.getByText('1 run deleted').waitFor();
  await runs.getByRole('button', { name: 'Delete all' }).click();
  await runs.getByText('No run yet').waitFor();
  await runs.getByRole('button', { name: 'Undo' }).click();
  await runs.getByRole('textbox', { name: 'Name of my own' }).waitFor();
  await page.reload();
  await button(page, '1 earlier…').waitFor();
});

it('exports runs in every form, and imports them elsewhere', async () => {
  const page = await openTwoRuns();
  await button(page, '1 earlier…').click();
  const runs = dialog(page, 'Runs');
  const save = async (format: string) => {
    await runs.getByRole('combobox', { name: 'Format of the export' }).selectOption(format);
    return downloaded(page, () => runs.getByRole('button', { name: 'Export' }).click());
  };
  const csv = (await save('CSV, every step')).toString();
  expect(csv).toMatch(
    /^run,step,total,kl,mean,variance,alpha,learningRate,imagesPerSecond,studentAccuracy,teacherAccuracy,agreement\r\n/,
  );
  expect(csv).toMatch(/\r\nComKD,12,/);
  const html = (await save('HTML report')).toString();
  for (const shown of ['without IFAlign', 'ComKD', 'with IFAlign']) expect(html).toContain(shown);
  expect((await save('SVG of the charts')).toString()).toMatch(/^<svg xmlns/);
  expect((await save('PNG of the charts')).subarray(1, 4).toString()).toBe('PNG');
  const json = await save('JSON, to import');

  const other = await browser.open(fakeUrl);
  await button(other, 'All runs…').click();
  const theirs = dialog(other, 'Runs');
  const pick = (name: string, buffer: Buffer) =>
    theirs.getByLabel('Files of runs').setInputFiles([{ name, mimeType: 'application/json', buffer }]);
  await pick('mine.json', json);
  await theirs.getByText('2 runs imported').waitFor();
  await theirs.getByRole('textbox', { name: 'Name of ComKD' }).waitFor();
  const broken = JSON.parse(json.toString());
  broken.runs[1].run.train.learningRate = 'fast';
  await pick('broken.json', Buffer.from(JSON.stringify(broken)));
  await theirs
    .getByRole('alert')
    .getByText('broken.json, run 2, its settings: train.learningRate: expected number, received string.')
    .waitFor();
  await theirs.getByText('1 run imported').waitFor();
  await pick('other.json', Buffer.from('{"runs": []}'));
  await theirs.getByRole('alert').getByText('other.json: format: expected "clip-distillery runs"').waitFor();
});

it('has dialogs whose texts can be read', async () => {
  const page = await openTwoRuns();
  expect(await violations(page)).toEqual([]);
  await button(page, '1 earlier…').click();
  await dialog(page, 'Runs').getByRole('button', { name: 'Export' }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await button(page, 'Compare settings…').click();
  await dialog(page, 'Compare settings').getByText('A sweep').click();
  await dialog(page, 'Compare settings').getByLabel('Seeds').fill('none');
  expect(await violations(page)).toEqual([]);
});
