import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { violations } from './accessibility';
import { button, dialog, field, isOn, region, type } from './controls';
import { serveElsewhere } from './serveElsewhere';
import { outputNumber, useBrowser } from './setup';

const fakeUrl = inject('fakeUrl');
const browser = useBrowser();

async function openPage(search = '?speed=100', options?: { dark?: boolean }): Promise<Page> {
  const page = await browser.open(fakeUrl + search, options);
  await page.getByText('after step 0').waitFor();
  return page;
}

/** Trains for some steps; after how many it stopped. */
async function train(page: Page, least = 25): Promise<number> {
  await button(page, 'Play').click();
  await page.waitForFunction(
    (least) => Number(document.querySelector('output[aria-label="step"]')?.textContent) >= least,
    least,
  );
  await button(page, 'Pause').click();
  // The step that was on its way ends before the run rests.
  await region(page, 'Results')
    .getByText(/ (paused|finished)$/)
    .waitFor();
  return outputNumber(page, 'step');
}

const picked = (name: string, buffer: Buffer) => ({ name, mimeType: '', buffer });

const drop = (page: Page, name: string, buffer: Buffer = Buffer.from('x')): Promise<void> =>
  page.getByLabel('Images and captions', { exact: true }).setInputFiles([picked(name, buffer)]);

/** What the Share box saves, with what is ticked in it. */
async function save(page: Page, ...ticked: string[]): Promise<{ name: string; buffer: Buffer }> {
  await button(page, 'Share').click();
  const box = dialog(page, 'Share the page as it is');
  for (const name of ticked) await box.getByRole('checkbox', { name }).check();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    box.getByRole('button', { name: 'Save file' }).click(),
  ]);
  await box.getByText(/^Saved, /).waitFor();
  await page.keyboard.press('Escape');
  return { name: file.suggestedFilename(), buffer: await readFile(await file.path()) };
}

async function open(page: Page, name: string, buffer: Buffer): Promise<void> {
  await button(page, 'Share').click();
  await dialog(page, 'Share the page as it is')
    .getByLabel('A .distillery file', { exact: true })
    .and(page.locator('input'))
    .setInputFiles([picked(name, buffer)]);
}

describe('a link', () => {
  it('leaves out what this machine computes with, which stays in its own address', async () => {
    const page = await openPage('?wasm&backend=wasm');
    await button(page, 'Share').click();
    const link = dialog(page, 'Share the page as it is').getByRole('textbox', { name: 'Link', exact: true });
    expect(new URL(await link.inputValue()).searchParams.has('backend')).toBe(false);
    expect(new URL(page.url()).searchParams.get('backend')).toBe('wasm');
  });

  it('brings settings, concepts, the open box and the followed image into a fresh profile', async () => {
    const page = await openPage();
    await button(page, 'Concepts').click();
    await dialog(page, 'Concepts of the demo').getByRole('button', { name: 'owl' }).click();
    await button(page, 'Use 19 concepts').click();
    await page.getByText('after step 0').waitFor();
    await type(page, 'Batch size', '24');
    await page.getByRole('switch', { name: 'Refinement' }).click();
    await button(page, 'Next image').click();
    await button(page, 'EduAttention').click();
    await button(page, 'Share').click();
    await page.waitForURL(/#run=/);
    const box = dialog(page, 'Share the page as it is');
    expect(await box.getByLabel('Link', { exact: true }).inputValue()).toBe(page.url());
    await box.getByText('It brings all of this').waitFor();

    const other = await browser.open(page.url());
    await region(other, 'Inspect').getByText('EduAttention').first().waitFor();
    await other.getByText('held-out image 2 of 38').waitFor();
    expect(await field(other, 'Batch size').inputValue()).toBe('24');
    expect(await isOn(other, 'Refinement')).toBe('false');
    await button(other, 'Concepts').click();
    await dialog(other, 'Concepts of the demo').getByRole('button', { name: 'Use 19 concepts' }).waitFor();
  });

  it('says what is not in it', async () => {
    const page = await openPage();
    await drop(page, 'pets.zip');
    await region(page, 'Data').getByText('40 images').waitFor();
    await page.getByText('after step 0').waitFor();
    await train(page, 3);
    await button(page, 'Share').click();
    await page.getByText('Not in it: the dropped pets.zip and what the student has learned.').waitFor();
    const other = await browser.open(page.url());
    await region(other, 'Data').getByText('Emoji by seven artists').waitFor();
  });

  it('asks where a changed address would replace a run, and goes back where it may not', async () => {
    const page = await openPage();
    await type(page, 'Batch size', '24');
    await button(page, 'Share').click();
    await page.waitForURL(/#run=/);
    const link = page.url();
    // It takes the focus when it opens, and what is typed then.
    const box = dialog(page, 'Share the page as it is');
    await box.waitFor();
    await page.keyboard.press('Escape');
    await box.waitFor({ state: 'detached' });
    await type(page, 'Batch size', '48');
    expect(await field(page, 'Batch size').inputValue()).toBe('48');
    await train(page);
    await page.evaluate((to) => location.assign(to), `${link}&box=edu`);
    const question = dialog(page, 'Open the link?');
    await question.getByText(/^the student as it is after \d+ steps, which is saved nowhere/).waitFor();
    await question.getByRole('button', { name: 'Cancel' }).click();
    expect(page.url()).toBe(link);
    expect(await field(page, 'Batch size').inputValue()).toBe('48');
    await page.evaluate((to) => location.assign(to), `${link}&box=edu`);
    await question.getByRole('button', { name: 'Open', exact: true }).click();
    await question.waitFor({ state: 'detached' });
    expect(await field(page, 'Batch size').inputValue()).toBe('24');
    await region(page, 'Inspect').getByText('EduAttention').first().waitFor();
    expect(await outputNumber(page, 'step')).toBe(0);
    // Nothing is lost by going on to another.
    await page.evaluate((to) => location.assign(to), `${link}&box=qs`);
    await region(page, 'Inspect').getByText('Student’s logits').waitFor();
  });
});

describe('a .distillery file', () => {
  let folder = '';
  let checkpoint = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'share-'));
    checkpoint = join(folder, 'clip');
    await mkdir(checkpoint);
    await writeFile(join(checkpoint, 'clip.zip'), 'x');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('brings data, models, settings, runs and the trained student into a fresh profile', async () => {
    const page = await openPage();
    await drop(page, 'pets.zip');
    await region(page, 'Data').getByText('40 images').waitFor();
    await page.getByText('after step 0').waitFor();
    await button(page, 'Change').click();
    await page.getByLabel('A checkpoint folder for the teacher').setInputFiles(checkpoint);
    await region(page, 'Models').getByText('ViT 224/32').waitFor();
    await train(page, 5);
    await page.getByRole('switch', { name: 'IFAlign' }).click();
    await button(page, 'Apply and restart').click();
    await page.getByText('after step 0').waitFor();
    const step = await train(page);
    const accuracy = await outputNumber(page, 'student accuracy');
    const file = await save(page, 'the kept runs');
    expect(file.name).toBe('pets-zip.distillery');
    const packed = unzipSync(file.buffer);
    expect(Object.keys(packed)).toEqual([
      'distillery.json',
      'runs.json',
      'student.safetensors',
      'data/0/pets.zip',
      'teacher/clip/clip.zip',
    ]);

    const other = await openPage('?speed=100', { dark: true });
    await drop(other, file.name, file.buffer);
    await region(other, 'Data').getByText('40 images').waitFor();
    await other.getByText(`after step ${step}`).waitFor();
    await region(other, 'Models').getByText('ViT 224/32').waitFor();
    expect(await isOn(other, 'IFAlign')).toBe('false');
    expect(await outputNumber(other, 'step')).toBe(step);
    expect(Math.abs((await outputNumber(other, 'student accuracy')) - accuracy)).toBeLessThan(15);
    await region(other, 'Results')
      .getByText(/^ComKD/)
      .first()
      .waitFor();
    expect(await train(other, step + 5)).toBeGreaterThan(step);
    expect(await other.getByRole('alert').count()).toBe(0);
  });

  it('asks before it replaces work, and saves that first', async () => {
    const other = await openPage();
    await type(other, 'Batch size', '12');
    const theirs = await save(other);

    const page = await openPage();
    const step = await train(page);
    await open(page, theirs.name, theirs.buffer);
    const question = dialog(page, `Open ${theirs.name}?`);
    await question
      .getByText('ComKD, rate 0.0015, batch 12')
      .or(question.getByText('ComKD, batch 12'))
      .first()
      .waitFor();
    expect(await violations(page)).toEqual([]);
    await question.getByRole('button', { name: 'Cancel' }).click();
    expect(await outputNumber(page, 'step')).toBe(step);
    await open(page, theirs.name, theirs.buffer);
    const [mine] = await Promise.all([
      page.waitForEvent('download'),
      question.getByRole('button', { name: 'Save mine first' }).click(),
    ]);
    await question.getByText('Nothing that is not saved.').waitFor();
    await question.getByRole('button', { name: 'Open', exact: true }).click();
    await question.waitFor({ state: 'detached' });
    expect(await field(page, 'Batch size').inputValue()).toBe('12');

    await open(page, 'mine.distillery', await readFile(await mine.path()));
    await page.getByText(`after step ${step}`).waitFor();
    expect(await field(page, 'Batch size').inputValue()).toBe('32');
  });

  it('that is none, cut short, newer or of another run changes nothing, and says why', async () => {
    const page = await openPage();
    await train(page, 3);
    const { buffer } = await save(page);
    const fresh = await openPage();
    await type(fresh, 'Batch size', '20');
    const says = async (name: string, file: Buffer | Uint8Array, words: string | RegExp) => {
      await drop(fresh, name, Buffer.from(file));
      await fresh.getByRole('alert').getByText(words).waitFor();
      expect(await field(fresh, 'Batch size').inputValue()).toBe('20');
      await fresh.getByText('after step 0').waitFor();
    };
    const files = unzipSync(buffer);
    const changed = (change: (manifest: Record<string, unknown>) => void) => {
      const manifest = JSON.parse(new TextDecoder().decode(files['distillery.json']));
      change(manifest);
      return zipSync({ ...files, 'distillery.json': new TextEncoder().encode(JSON.stringify(manifest)) });
    };
    await says('text.distillery', Buffer.from('hello'), 'text.distillery is not a whole zip');
    await says('cut.distillery', buffer.subarray(0, -40), 'cut.distillery is not a whole zip');
    await says(
      'other.distillery',
      zipSync({ 'a.txt': new Uint8Array(3) }),
      'other.distillery has no distillery.json',
    );
    const newer = changed((manifest) => Object.assign(manifest, { version: 7 }));
    await says('newer.distillery', newer, /was saved by a newer clip-distillery \(version 7/);
    const wrong = changed((manifest) => Object.assign(manifest, { run: { train: { batchSize: 'all' } } }));
    await says('wrong.distillery', wrong, /run: train.batchSize: expected/);
    const lacking = changed((manifest) => Object.assign(manifest, { parts: [{ files: true }] }));
    await says(
      'lacking.distillery',
      lacking,
      'lacking.distillery is not whole: it has no files under data/0',
    );
    const { 'student.safetensors': _, ...untrained } = files;
    await says('untrained.distillery', zipSync(untrained), 'its trained student or the run of it is missing');
    const broken = zipSync({
      ...files,
      'student.safetensors': new TextEncoder().encode('no tensors, but text'),
    });
    await says('broken.distillery', broken, 'student.safetensors is not a safetensors file');
    // What only loading can tell: the page's own work comes back.
    const mine = await train(fresh, 4);
    const empty = Buffer.from([2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d]);
    await drop(fresh, 'unfit.distillery', Buffer.from(zipSync({ ...files, 'student.safetensors': empty })));
    await dialog(fresh, 'Open unfit').getByRole('button', { name: 'Open', exact: true }).click();
    await dialog(fresh, 'Open unfit').getByRole('alert').getByText('is not of this run').waitFor();
    await button(fresh, 'Cancel').click();
    expect(await outputNumber(fresh, 'step')).toBe(mine);
    expect(await field(fresh, 'Batch size').inputValue()).toBe('20');
  });

  it('opens from an address', async () => {
    const page = await openPage();
    await type(page, 'Batch size', '12');
    const step = await train(page, 3);
    const { buffer } = await save(page);
    const shelf = await serveElsewhere('application/octet-stream', buffer);
    const other = await browser.open(`${fakeUrl}?open=${encodeURIComponent(`${shelf}lecture.distillery`)}`);
    const asking = dialog(other, 'Open a file from the web?');
    await asking.getByText(`${shelf}lecture.distillery`).waitFor();
    await asking.getByRole('button', { name: 'Fetch it' }).click();
    await other.getByText(`after step ${step}`).waitFor();
    expect(await field(other, 'Batch size').inputValue()).toBe('12');
    const lost = await browser.open(`${fakeUrl}?open=${encodeURIComponent(`${fakeUrl}demo/demo.json`)}`);
    await dialog(lost, 'Open a file from the web?').getByRole('button', { name: 'Fetch it' }).click();
    await lost.getByRole('alert').getByText('demo.json is not a whole zip').waitFor();
  });
});
