import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { exportedClassifier } from '../exportedClassifier';
import { violations } from './accessibility';
import { useBrowser } from './setup';

const browser = useBrowser();
const DATA = 'test/fixtures/reference/data';
const LARGEST_PAGE = 5e6;
const PICTURES = 12;

let folder = '';
let files: Record<string, Uint8Array> = {};
let pictures: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'answers-'));
  pictures = (await readdir(DATA))
    .filter((name) => name.endsWith('.png'))
    .slice(0, PICTURES)
    .map((name) => path.join(DATA, name));
});
afterAll(() => rm(folder, { recursive: true }));

/** What the page says of each picture, the last one first: name and share of its best answers. */
const shown = (page: Page) =>
  page.locator('figure').evaluateAll((figures) =>
    figures.map((figure) =>
      [...figure.querySelectorAll('li')].map((item) => ({
        name: item.querySelector('span')?.textContent ?? '',
        share: Number(item.querySelector('data')?.value),
      })),
    ),
  );

/** What the student is worth in each precision: weights, size, right, as the teacher. */
const worthShown = (page: Page) =>
  page
    .getByRole('dialog', { name: 'Export the student' })
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));

function worthOnCard(): string[][] {
  const lines = Buffer.from(files['README.md']).toString().split('\n');
  return lines
    .filter((line) => /^\| (float|int)\d+ \|/.test(line))
    .map((line) => line.slice(2, -2).split(' | '));
}

it('exports a trained student as a page that answers from disk as the student does', async () => {
  const page = await browser.open(`${inject('pageUrl')}?backend=wasm`);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  const isTrained = () => Number(document.querySelector('output')?.textContent) >= 10;
  await page.waitForFunction(isTrained, undefined, { timeout: 180_000 });
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export student' }).click();
  files = unzipSync(await readFile(await (await download).path()));
  await page.getByText('student.zip is in your downloads').waitFor();
  expect(await worthShown(page)).toEqual(worthOnCard());
  expect(await violations(page)).toEqual([]);
  expect(files['index.html'].length).toBeLessThan(LARGEST_PAGE);
  const place = path.join(folder, 'index.html');
  await writeFile(place, files['index.html']);

  const answers = await browser.open(pathToFileURL(place).href, { width: 390, height: 800 });
  await answers.getByText('sent to nobody').waitFor();
  await answers.getByLabel('Choose pictures').setInputFiles(pictures);
  await answers.waitForFunction(
    (count) => document.querySelectorAll('ol > li').length === 5 * count,
    pictures.length,
  );
  const classifier = await exportedClassifier(files);
  const said = (await shown(answers)).toReversed();
  for (const [i, picture] of pictures.entries()) {
    const shares = await classifier.shares(picture);
    const best = [...shares.keys()].sort((a, b) => shares[b] - shares[a]);
    expect(said[i][0].name, picture).toBe(classifier.classes[best[0]]);
    for (const [rank, { share }] of said[i].entries()) expect(share).toBeCloseTo(shares[best[rank]], 4);
  }
  await classifier.release();
  expect(await violations(answers)).toEqual([]);
  const fits = await answers.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
  expect(fits, 'nothing is wider than a phone').toBe(true);
});

it('answers with chosen ones only, and says what is no picture', async () => {
  const answers = await browser.open(pathToFileURL(path.join(folder, 'index.html')).href);
  const names = Object.values<string>(
    JSON.parse(Buffer.from(files['classifier/config.json']).toString()).id2label,
  );
  await answers.getByLabel('Only answers with').fill(names[3]);
  await answers.getByLabel('Choose pictures').setInputFiles(pictures[0]);
  await answers.locator('li').first().waitFor();
  const [found] = await shown(answers);
  expect(found.map(({ name }) => name)).toEqual(names.filter((name) => name.includes(names[3])));
  await answers
    .getByLabel('Choose pictures')
    .setInputFiles({ name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await answers.getByText('It can’t be read').waitFor();
});

/** Pictures by 10,000 of which a search page may take 15 MB beside its text tower. */
const MOST_BYTES_A_PICTURE = 1500;

it('exports a search page of captions that finds from disk what the page finds', async () => {
  const page = await browser.open(`${inject('pageUrl')}?backend=wasm`);
  await page.getByText('after step 0').waitFor({ timeout: 120_000 });
  await page.getByLabel('A folder of images and captions').setInputFiles(DATA);
  await page.getByText('48 images, 48 pairs').waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Change' }).click();
  await page
    .getByLabel('A checkpoint folder for the teacher')
    .setInputFiles('test/fixtures/reference/teacher');
  await page.getByRole('region', { name: 'Models' }).getByText('ViT 48/8').waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await page.waitForFunction(() => Number(document.querySelector('output')?.textContent) >= 1);
  await page.getByRole('button', { name: 'Export student' }).click();
  const panel = page.getByRole('dialog', { name: 'Export the student' });
  await panel.getByText('student.zip is in your downloads').waitFor({ timeout: 60_000 });
  const download = page.waitForEvent('download');
  await panel.getByRole('button', { name: 'Export a search page' }).click();
  const exported = unzipSync(await readFile(await (await download).path()));
  for (const [name, bytes] of Object.entries(exported)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), bytes);
  }
  await page.keyboard.press('Escape');
  const text = 'a round thing that is red';
  const inspect = page.getByRole('region', { name: 'Inspect', exact: true });
  await inspect.getByRole('radio', { name: 'Ask', exact: true }).check({ force: true });
  await inspect.getByRole('radio', { name: 'Text to images' }).check({ force: true });
  await inspect.getByLabel('Find images for a text').fill(text);
  const onPage = inspect.getByRole('list', { name: 'Student’s images' }).getByRole('button');
  await onPage.nth(9).waitFor();
  const titles = await onPage.evaluateAll((all) => all.map((one) => one.getAttribute('title') ?? ''));
  const expected = titles.flatMap((title) => {
    const [, rank, caption, cosine] = title.match(/^(\d+)\. (.*): cosine (-?[\d.]+);/) ?? [];
    return Number(rank) <= 10 ? [{ caption, cosine: Number(cosine) }] : [];
  });
  expect(expected.length).toBe(10);

  const search = await browser.open(pathToFileURL(path.join(folder, 'search/index.html')).href);
  await search.getByText('knows 48 pictures').waitFor();
  await search.getByLabel('What is in them?').fill(text);
  await search.getByRole('button', { name: 'Find' }).click();
  await search.getByText(`“${text}” fits best`).waitFor();
  const found = await search.getByRole('listitem').evaluateAll((items) =>
    items.map((item) => ({
      path: item.querySelector('span')?.textContent ?? '',
      cosine: Number(item.querySelector('data')?.value),
    })),
  );
  expect(found.length).toBe(48);
  const table = await readFile(path.join(DATA, 'metadata.csv'), 'utf8');
  const captions = new Map(
    table
      .trim()
      .split('\n')
      .map((line) => [line.split(',')[0], line.split(',')[1]]),
  );
  // The page searches the ten held-out images; what all captions begin with it leaves out.
  const places = expected.map(({ caption, cosine }) =>
    found.findIndex(
      (other) =>
        Math.abs(other.cosine - cosine) < 0.002 && captions.get(path.basename(other.path))?.endsWith(caption),
    ),
  );
  expect(places).not.toContain(-1);
  const theirs = expected.map(({ cosine }) => cosine);
  expect(theirs, 'best first').toEqual(theirs.toSorted((a, b) => b - a));
  const cosines = found.map(({ cosine }) => cosine);
  expect(cosines, 'best first').toEqual(cosines.toSorted((a, b) => b - a));
  const sheet = await search.evaluate(async () => {
    const image = new Image();
    image.src = 'pictures/0.jpg';
    await image.decode();
    return [image.width, image.height];
  });
  expect(sheet).toEqual([560, 280]);
  const pictures = exported['search/pictures/0.jpg'].length;
  const features = (9 * 64) / 8 + 4;
  expect(pictures / 48 + (4 / 3) * features).toBeLessThan(MOST_BYTES_A_PICTURE);
  expect(await violations(search)).toEqual([]);
});
