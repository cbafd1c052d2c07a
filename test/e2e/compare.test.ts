import { readFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import { expect, inject, it } from 'vitest';
import { button, dialog, region, type } from './controls';
import { outputNumber, useBrowser } from './setup';

const fakeUrl = inject('fakeUrl');
const browser = useBrowser();

it('runs the ablation to its end, fills the table, gives the settings back, and keeps the best student', async () => {
  const page = await browser.open(`${fakeUrl}?speed=200`);
  await page.getByText('after step 0').waitFor();
  await type(page, 'Length in steps', '12');
  await button(page, 'Compare settings…').click();
  const compare = dialog(page, 'Compare settings');
  await compare.getByText(/^Trained once: .* is the same as IFAlign on, EduAttention on/).waitFor();
  await compare.getByText(/^All else as on the page: .*12 steps; warm-up steps 50 instead of 0\.$/).waitFor();
  await compare.getByRole('button', { name: 'Start 5 runs' }).click();
  await compare.getByText(/^off/).first().waitFor();
  await compare.getByText('5 of 5 runs, all done').waitFor();
  const table = compare.getByRole('table');
  // What is small because a part is off is not compared: KL is, where refinement is off, too.
  expect(await table.getByRole('columnheader').allTextContents()).toEqual([
    ...[
      'IFAlign',
      'EduAttention',
      'Refinement',
      'Student',
      'Behind the best',
      'Agreement',
      'KL',
      'Time',
      'State',
    ],
  ]);
  // A head, the runs, teacher and chance.
  expect(await table.getByRole('row').count()).toBe(8);
  expect(await table.getByRole('row', { name: /^Teacher \d/ }).count()).toBe(1);
  expect(await table.getByRole('row', { name: /^Chance \d/ }).count()).toBe(1);
  expect(await table.getByText(/^(best|tied)$/).count()).toBeGreaterThan(0);
  expect(await table.getByRole('cell', { name: /^\d+\.\d %/ }).count()).toBe(12);
  expect(await table.getByRole('cell', { name: /^\d+\.\d ± \d+\.\d points( may be chance)?$/ }).count()).toBe(
    4,
  );
  // Rows are as high with a difference that may be chance as they were before there was one.
  const heights = await table.getByRole('row').evaluateAll((rows) => rows.map((row) => row.clientHeight));
  expect(new Set(heights.slice(1, 6)).size).toBe(1);
  await table.getByText(/^± is half of an interval of 95 %/).waitFor();
  expect(await compare.getByRole('status').textContent()).toBe('All runs are done');
  const ofFirst = await table.getByRole('row').nth(1).getByRole('cell').nth(6).textContent();
  await page.keyboard.press('Escape');
  await button(page, 'All 5 earlier…').click();
  await dialog(page, 'Runs')
    .getByText(
      /^On \d+ images, two runs whose accuracies are less than \d+\.\d points apart may differ by chance/,
    )
    .waitFor();
  const kept = dialog(page, 'Runs').getByRole('row').last().getByRole('cell');
  expect(await kept.nth(6).textContent(), 'KL under Runs').toBe(ofFirst);
  await page.keyboard.press('Escape');
  expect(await region(page, 'Results').getByRole('checkbox', { checked: true }).count()).toBe(5);
  expect(await page.getByRole('switch', { name: 'IFAlign' }).getAttribute('aria-checked')).toBe('true');
  const overflow = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
  expect(overflow).toBe(0);

  await button(page, 'Compare settings…').click();
  await compare.getByText(/^The best student is kept: .*, \d+\.\d %$/).waitFor();
  await compare.getByRole('button', { name: /^Open the student of / }).click();
  await page.getByText('after step 12').first().waitFor();
  expect(await outputNumber(page, 'step')).toBe(12);
  const [file] = await Promise.all([page.waitForEvent('download'), button(page, 'Export student').click()]);
  const student = unzipSync(await readFile(await file.path()));
  expect(Object.keys(student)).toContain('student/model.safetensors');

  await page.reload();
  await page.getByText('after step 0').waitFor();
  await button(page, 'All 5 earlier…').click();
  // Of one run alone: its name would be unclear otherwise.
  await dialog(page, 'Runs')
    .getByRole('button', { name: /^Train the student of .* on$/ })
    .click();
  await region(page, 'Results')
    .getByText(/finished$/)
    .waitFor();
  expect(await outputNumber(page, 'step')).toBe(24);
  await button(page, 'All 5 earlier…').waitFor();
});

it('sweeps two settings with several seeds, stops, and goes on after a reload', async () => {
  const page = await browser.open(`${fakeUrl}?speed=200`);
  await page.getByText('after step 0').waitFor();
  await button(page, 'Compare settings…').click();
  const compare = dialog(page, 'Compare settings');
  await compare.getByText('A sweep').click();
  await compare.getByLabel('Values of Learning rate').fill('0.001, fast');
  await compare.getByRole('alert').getByText('“fast” is no number').waitFor();
  expect(await compare.getByRole('button', { name: /^Start/ }).isDisabled()).toBe(true);
  await compare.getByLabel('Values of Learning rate').fill('0.001');
  await compare.getByRole('combobox', { name: 'Second setting' }).selectOption('Length in steps');
  await compare.getByLabel('Values of Length in steps').fill('60, 120');
  await compare.getByLabel('Seeds').fill('0, 1');
  await compare.getByRole('button', { name: 'Start 4 runs' }).click();
  await compare.getByText('1 of 2 seeds').first().waitFor();
  await compare.getByRole('button', { name: 'Stop' }).click();
  await compare.getByRole('button', { name: 'Go on' }).waitFor();
  await page.reload();
  await page.getByText('after step 0').waitFor();
  await button(page, 'Compare settings…').click();
  await compare.getByRole('button', { name: 'Go on' }).click();
  await compare.getByText('4 of 4 runs, all done').waitFor();
  expect(await compare.getByRole('cell', { name: /\d ± \d+\.\d %/ }).count()).toBe(4);
});

it('goes on with the next run in a hidden tab', async () => {
  const page = await browser.open(`${fakeUrl}?speed=200`);
  await page.getByText('after step 0').waitFor();
  await type(page, 'Length in steps', '10');
  await button(page, 'Compare settings…').click();
  const compare = dialog(page, 'Compare settings');
  // A hidden tab draws no frames.
  await page.evaluate(() => {
    window.requestAnimationFrame = () => 0;
  });
  await compare.getByRole('button', { name: 'Start 5 runs' }).click();
  await compare.getByText('5 of 5 runs, all done').waitFor();
  expect(
    await compare
      .getByRole('table')
      .getByRole('cell', { name: /^\d+\.\d %/ })
      .count(),
  ).toBe(12);
});
