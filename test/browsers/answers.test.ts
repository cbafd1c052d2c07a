import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { exportedClassifier } from '../exportedClassifier';
import { openPage, settings } from './open';
import { button, click, type Page, savedZip, text, untilReady, untilStep, waitFor } from './page';

/** The demo's styles that are held out for testing. */
const HELD_OUT = /^(twemoji|emojione)\//;

let folder = '';
const pictures: string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pictures-'));
  for (const [name, bytes] of Object.entries(unzipSync(await readFile('public/demo/images/default.zip')))) {
    if (!HELD_OUT.test(name)) continue;
    const place = join(folder, name.replace('/', '-'));
    await writeFile(place, bytes);
    pictures.push(place);
  }
});
afterAll(() => rm(folder, { recursive: true }));

/** The first answer for each picture, that of the last picture first. */
const firstAnswers = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('figure')].map(
      (figure) => figure.querySelector('ol > li > span')?.textContent ?? '',
    ),
  );

const onWebAssembly = settings.filter(({ name }) => /^(Chromium|Firefox), WebAssembly/.test(name));

it.each(onWebAssembly)('$name: the exported page answers from disk as the student does', async (setting) => {
  const page = await openPage(setting, inject('pageUrl') + setting.search);
  await untilReady(page);
  await click(page, button('Play'));
  await untilStep(page, 20);
  await click(page, button('Pause'));
  await click(page, button('Export student'));
  const files = await savedZip(page);
  const place = join(page.downloads, 'index.html');
  await writeFile(place, files['index.html']);

  const answers = await openPage(setting, pathToFileURL(place).href);
  await waitFor(answers, text('sent to nobody'));
  await answers.choose('//input[@type="file"]', pictures);
  const answered = async () => (await firstAnswers(answers)).filter(Boolean).length;
  await expect.poll(answered, { timeout: 120_000 }).toBe(pictures.length);
  const said = (await firstAnswers(answers)).toReversed();
  const classifier = await exportedClassifier(files);
  const expected: string[] = [];
  for (const picture of pictures) {
    const shares = await classifier.shares(picture);
    expected.push(classifier.classes[shares.indexOf(Math.max(...shares))]);
  }
  await classifier.release();
  expect(new Set(expected).size, 'a student that has learned').toBeGreaterThan(5);
  expect(said).toEqual(expected);
});
