import { readFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { outputNumber, useBrowser } from './setup';

const browser = useBrowser();

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const dialog = (page: Page, name: string) => page.getByRole('dialog', { name, exact: true });

const boxes = [
  'Teacher’s image tower',
  'Student’s image tower',
  'Teacher’s text tower',
  'Projector P',
  'IFAlign',
  'EduAttention',
  'Refinement',
  'Teacher’s qt logits',
  'Student’s qs logits',
];

async function openPage(url = `${inject('pageUrl')}?backend=wasm`): Promise<Page> {
  const page = await browser.open(url);
  await page.getByText('after step 0').waitFor({ timeout: 120_000 });
  return page;
}

async function setLength(page: Page, steps: number): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Length in steps, typed' });
  await field.fill(String(steps));
  await field.press('Enter');
}

async function untilEnd(page: Page): Promise<void> {
  await region(page, 'Results').getByText('finished').waitFor({ timeout: 120_000 });
}

async function download(page: Page, start: () => Promise<void>): Promise<Buffer> {
  const [file] = await Promise.all([page.waitForEvent('download'), start()]);
  return readFile(await file.path());
}

it('plays the demo, opens each box, compares two runs, and takes report and student away', async () => {
  const page = await openPage();
  await setLength(page, 12);
  await button(page, 'Play').click();
  await untilEnd(page);
  const inspect = region(page, 'Inspect');
  for (const box of boxes) {
    await region(page, 'Distillation').getByRole('button', { name: box, exact: true }).click();
    await inspect.getByRole('figure').first().waitFor();
    // The numbers of this step, not the letters alone.
    await expect.poll(() => inspect.innerText()).toMatch(/\d/);
  }
  await page.keyboard.press('Escape');

  await page.getByRole('switch', { name: 'IFAlign' }).click();
  await button(page, 'Apply and restart').click();
  await expect.poll(() => outputNumber(page, 'step'), { timeout: 60_000 }).toBe(0);
  await button(page, 'Play').click();
  await expect.poll(() => outputNumber(page, 'step'), { timeout: 60_000 }).toBe(12);
  await untilEnd(page);
  await button(page, '1 earlier…').click();
  const runs = dialog(page, 'Runs');
  await runs.getByText(/^with IFAlign/).waitFor();
  expect(await runs.getByRole('row').count()).toBe(3);
  await runs.getByRole('combobox', { name: 'Format of the export' }).selectOption('HTML report');
  const report = await download(page, () => runs.getByRole('button', { name: 'Export' }).click());
  expect(report.toString()).toContain('without IFAlign');
  await page.keyboard.press('Escape');

  const student = await download(page, () => button(page, 'Export student').click());
  expect(Object.keys(unzipSync(student))).toEqual(
    expect.arrayContaining(['run.json', 'README.md', 'heads.safetensors', 'student/model.safetensors']),
  );
});

it('opens a shared link in a fresh profile on the same state', async () => {
  const page = await openPage(inject('fakeUrl'));
  await page.getByRole('switch', { name: 'EduAttention' }).click();
  await setLength(page, 60);
  const rate = page.getByRole('textbox', { name: 'Learning rate, typed' });
  await rate.fill('0.0007');
  await rate.press('Enter');
  await button(page, 'Share').click();
  await page.waitForURL(/#run=/);
  const other = await openPage(page.url());
  expect(await other.getByRole('textbox', { name: 'Learning rate, typed' }).inputValue()).toBe('7e-4');
  expect(await other.getByRole('textbox', { name: 'Length in steps, typed' }).inputValue()).toBe('60');
  expect(await other.getByRole('switch', { name: 'EduAttention' }).getAttribute('aria-checked')).toBe(
    'false',
  );
  expect(await other.getByRole('switch', { name: 'IFAlign' }).getAttribute('aria-checked')).toBe('true');
});

it('finishes a lesson', async () => {
  const page = await openPage(inject('fakeUrl'));
  await button(page, 'Lessons').click();
  const card = page.getByRole('complementary', { name: 'Lessons' });
  const heading = (name: string) => card.getByRole('heading', { name, exact: true }).waitFor();
  await card.getByRole('button', { name: /^What a CLIP is/ }).click();
  await heading('Pictures and texts');
  await card.getByRole('button', { name: 'Next', exact: true }).click();
  await heading('A picture becomes numbers');
  await region(page, 'Distillation').getByRole('button', { name: 'Teacher’s image tower' }).click();
  await heading('A text becomes numbers too');
  await region(page, 'Distillation').getByRole('button', { name: 'Teacher’s text tower' }).click();
  for (const name of ['Comparing them', 'Look at some answers', 'New texts, new task']) {
    await heading(name);
    await card.getByRole('button', { name: /^(Next|Finish)$/ }).click();
  }
  await card.getByRole('button', { name: /^What a CLIP is.*done/ }).waitFor();
});

it('queues the paper’s ablation and fills its table', async () => {
  const page = await openPage();
  await setLength(page, 4);
  await button(page, 'Compare settings…').click();
  const compare = dialog(page, 'Compare settings');
  await compare.getByRole('button', { name: 'Start 5 runs' }).click();
  await compare.getByText('5 of 5 runs, all done').waitFor({ timeout: 180_000 });
  const table = compare.getByRole('table');
  expect(await table.getByRole('row').count()).toBe(8);
  // Accuracy of the student and agreement with the teacher of every run, and what teacher and chance have.
  expect(await table.getByRole('cell', { name: /^\d+\.\d %/ }).count()).toBe(12);
});

it('takes a trained student to a fresh profile in a file, where it goes on', async () => {
  const page = await openPage();
  await setLength(page, 40);
  await button(page, 'Play').click();
  await expect.poll(() => outputNumber(page, 'step'), { timeout: 60_000 }).toBeGreaterThan(10);
  await button(page, 'Pause').click();
  await button(page, 'Play').waitFor();
  await button(page, 'Share').click();
  const share = dialog(page, 'Share the page as it is');
  await share.getByRole('checkbox', { name: /^the student/ }).check();
  const buffer = await download(page, () => share.getByRole('button', { name: 'Save file' }).click());
  const [step, loss] = [await outputNumber(page, 'step'), await outputNumber(page, 'total loss')];

  const other = await openPage();
  const file = { name: 'mine.distillery', mimeType: '', buffer };
  await other.getByLabel('Images and captions', { exact: true }).setInputFiles([file]);
  await expect.poll(() => outputNumber(other, 'step'), { timeout: 60_000 }).toBe(step);
  expect(await outputNumber(other, 'total loss')).toBe(loss);
  await other.getByText(`after step ${step}`).first().waitFor({ timeout: 60_000 });
  await button(other, 'Step').click();
  await expect.poll(() => outputNumber(other, 'step'), { timeout: 60_000 }).toBe(step + 1);
  // A student that began anew would have a loss of five or more.
  expect(await outputNumber(other, 'total loss')).toBeLessThan(loss * 1.5);
});
