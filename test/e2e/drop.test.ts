import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, expect, inject, it } from 'vitest';
import type { DataOptions } from '../../src/worker/api';
import { ambiguous, type Files, forms, looseImages } from '../dropForms';
import { inspected, writeFiles } from '../onDisk';
import type {} from './hostileInBrowser';
import { useBrowser } from './setup';

const browser = useBrowser();
const folder = await mkdtemp(join(tmpdir(), 'drop-'));
afterAll(() => rm(folder, { recursive: true }));

/** Drops what lies at the top of `files` on the page, as a hand does: the browser reads it from the disk itself. */
async function drop(page: Page, name: string, files: Files): Promise<void> {
  const root = join(folder, name);
  await writeFiles(root, files);
  const tops = [...new Set(Object.keys(files).map((path) => join(root, path.split('/')[0])))];
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: tops, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 640, y: 400, data });
  await session.detach();
}

const dataOf = (page: Page) => page.getByRole('region', { name: 'Data', exact: true });

async function openPage(): Promise<Page> {
  const page = await browser.open(`${inject('pageUrl')}?backend=wasm`);
  await page.getByText('after step 0').waitFor({ timeout: 120_000 });
  return page;
}

async function untilRead(page: Page): Promise<void> {
  const wrong = page.locator('.notice.is-problem');
  await dataOf(page).getByText('Back to the demo').or(wrong).first().waitFor({ timeout: 60_000 });
  expect(await wrong.allTextContents()).toEqual([]);
  // Every image has been looked into.
  await dataOf(page).getByText('looked into').waitFor({ state: 'detached', timeout: 60_000 });
}

/**
 * What a browser brings otherwise than Node does: folders, files beside one another, archives, Parquet. All forms are
 * read from disk by a unit test, and here too where every one is asked for (`npm run test:all`).
 */
const ofTheBrowser = [
  'an image folder with metadata.csv',
  'a folder a class with splits',
  'a WebDataset of two shards',
  'Parquet',
  'a zip',
  'a tar.gz',
];
const dropped = Object.entries(forms).filter(([name]) => process.env.ALL || ofTheBrowser.includes(name));

it.each(dropped)('reads %s from a drop, says why it is read so, and trains on it', async (name, form) => {
  const page = await openPage();
  await drop(page, name, form.files);
  await untilRead(page);
  const text = (await dataOf(page).innerText()).replace(/\s+/g, ' ');
  expect(text).toContain(form.format);
  expect(text).toContain(form.counts);
  if (form.classes) expect(text).toContain(`${form.classes} classes`);
  if (form.splits) expect(text).toContain(form.splits);
  if (form.skipped) expect(text).toContain(`${form.skipped} file skipped`);
  else expect(text).not.toContain('skipped');
  await page.getByRole('button', { name: 'Look closer' }).click();
  const { reasons, doubts } = await inspected(join(folder, `${name}, inspected`), form.files);
  for (const sentence of [reasons[0], ...doubts])
    await page.getByRole('dialog').getByText(sentence, { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.waitForFunction(() => Number(document.querySelector('output')?.textContent) >= 1, null, {
    timeout: 60_000,
  });
});

it('understands every form as inspect does, in every count', async () => {
  const page = await browser.open(`${inject('sourceUrl')}test/e2e/hostile.html`);
  await page.waitForFunction(() => 'openDrop' in globalThis);
  const openDrop = async (files: Files, options: DataOptions) => {
    const content = Object.entries(files).map(([path, bytes]): [string, string] => [
      path,
      Buffer.from(bytes).toString('base64'),
    ]);
    const seen = await page.evaluate((given) => globalThis.openDrop(...given), [content, options] as const);
    if (typeof seen === 'string') throw new Error(seen);
    return seen;
  };
  for (const [name, { files }] of Object.entries(forms)) {
    const expected = await inspected(join(folder, 'inspected', name), files);
    // As the command line begins, and as the page does.
    for (const testShare of [0, 0.2]) {
      const seen = await openDrop(files, { testShare });
      const { format, images, pairs, classes, splits, skipped, doubts, hasOwnTest } = seen;
      const { reasons, splits: given, ...others } = expected;
      expect({ format, images, pairs, classes, skipped, doubts }, name).toEqual(others);
      expect(reasons[0], name).toBe(seen.why);
      if (hasOwnTest || testShare === 0) expect(splits, name).toEqual(given);
      else expect((splits.train ?? 0) + (splits.test ?? 0), name).toBe(given.all ?? given.train);
    }
  }
  // What the data is tested on stands; look-alikes leave training where a person wants it.
  const { files } = forms['a published split with a picture on both sides'];
  const asPublished = await openDrop(files, { testShare: 0.2 });
  expect(asPublished.splits).toEqual({ train: 7, test: 4 });
  expect(asPublished.doubts).toEqual(['1 image to train on looks like one that is held out for testing.']);
  const apart = await openDrop(files, { testShare: 0.2, moveNearDuplicates: true });
  expect(apart.splits).toEqual({ train: 6, test: 4, unused: 1 });
});

it('says that one class is not enough, and learns loose images once their classes are named', async () => {
  const page = await openPage();
  const dialog = page.getByRole('dialog');
  const ofOne = Object.entries(looseImages).map(([path, image]) => [`owl/${path}`, image]);
  await drop(page, 'one', Object.fromEntries(ofOne));
  await dialog
    .getByText(/one class at most, and there is nothing to tell it from; .* give two or more of them at once/)
    .waitFor();
  await page.keyboard.press('Escape');
  await dataOf(page).getByText('22 classes').waitFor();
  await drop(page, 'loose', looseImages);
  await dialog.getByRole('textbox').fill('owl, otter');
  await dialog.getByRole('button', { name: 'Use these names' }).click();
  // It says why it asks until the images are read.
  await dialog.waitFor({ state: 'detached', timeout: 60_000 });
  await untilRead(page);
  const text = (await dataOf(page).innerText()).replace(/\s+/g, ' ');
  expect(text).toContain('8 images');
  expect(text).toContain('2 classes');
});

it("says what else data could be and what the teacher's tokenizer can't say well, and reads it so on demand", async () => {
  const page = await openPage();
  const table = 'both/captions.csv';
  const german = String(ambiguous[table]).replace('a beast in a river 0', 'ein Otter schwimmt flussabwärts');
  await drop(page, 'both', { ...ambiguous, [table]: german });
  await untilRead(page);
  await page.getByRole('button', { name: 'Look closer' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('captions.csv names the images in its column image.').waitFor();
  await dialog
    .getByText(/^\d of 8 captions are in words that demo teacher's tokenizer breaks into/)
    .waitFor();
  const readAsFolders = dialog.getByRole('button', { name: 'Read it as a folder per class' });
  await readAsFolders.click();
  await dialog.getByText('The images lie in folders such as').waitFor({ timeout: 60_000 });
  await dialog.getByRole('button', { name: 'Undo' }).click();
  await readAsFolders.click();
  await dialog.getByText('The images lie in folders such as').waitFor({ timeout: 60_000 });
  await dialog.getByText('classes', { exact: true }).waitFor();
  await dialog.getByText('Classes have readable names: 1.grey_owl is grey owl.').waitFor();
  await dialog.getByRole('button', { name: 'Keep class names as written, such as 1.grey_owl' }).click();
  await dialog.getByText('1.grey_owl', { exact: true }).first().waitFor();
  await dialog.getByRole('button', { name: 'Give classes readable names' }).click();
  await dialog.getByText('Classes have readable names').waitFor();
  await dialog.getByText('demo teacher').waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.waitForFunction(() => Number(document.querySelector('output')?.textContent) >= 1, null, {
    timeout: 60_000,
  });
});

it('adds two drops up, shows all images with their texts, and previews augmentations', async () => {
  const page = await openPage();
  await drop(page, 'first', forms['a folder a class with splits'].files);
  await untilRead(page);
  await drop(page, 'second', forms['a WebDataset of two shards'].files);
  await dataOf(page).getByText('20 images').waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Look closer' }).click();
  const dialog = page.getByRole('dialog');
  await page.getByRole('tab', { name: 'Images' }).click();
  await dialog.getByRole('searchbox').fill('caption 7');
  await dialog.getByText('1 image', { exact: true }).waitFor();
  await dialog.getByRole('img').waitFor();
  await page.getByRole('tab', { name: 'Augmentation' }).click();
  await dialog.locator('canvas').nth(7).waitFor();
});
