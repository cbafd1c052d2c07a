import { readFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import { expect, inject, it } from 'vitest';
import { outputNumber, useBrowser } from './setup';
import { untilStep } from './surviving';

const FIXTURE = 'test/fixtures/reference';
const browser = useBrowser();

it('trains the demo’s student from one click, and answers others meanwhile', async () => {
  const page = await browser.open(inject('pageUrl'));
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await untilStep(page, 2);
  const before = await outputNumber(page, 'total loss');
  await page.getByRole('button', { name: 'Use the dark theme' }).click();
  await page.getByRole('button', { name: 'Use the light theme' }).waitFor();
  await untilStep(page, 8);
  expect(await outputNumber(page, 'total loss')).toBeLessThan(before);
  for (const name of ['KL', 'mean', 'variance', 'alpha', 'teacher accuracy', 'student accuracy']) {
    expect(await outputNumber(page, name), name).not.toBeNaN();
  }
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByRole('region', { name: 'Results' }).getByText('paused').waitFor({ timeout: 60_000 });
  const paused = await outputNumber(page, 'step');
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect.poll(() => outputNumber(page, 'step'), { timeout: 60_000 }).not.toBe(paused);
  expect(await outputNumber(page, 'step')).toBe(paused + 1);
});

it('trains from its sources too, as `npm run dev` serves them', async () => {
  const page = await browser.open(`${inject('sourceUrl')}?backend=wasm`);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await untilStep(page, 2);
});

it.each(['webgpu', 'wasm'])(
  'trains on dropped images and teacher on %s, and exports the student',
  async (backend) => {
    const page = await browser.open(`${inject('pageUrl')}${backend === 'wasm' ? '?backend=wasm' : ''}`);
    await page.getByText('after step 0').or(page.getByRole('alert')).first().waitFor({ timeout: 120_000 });
    await page.getByLabel('A folder of images and captions').setInputFiles(`${FIXTURE}/data`);
    await page.getByText('48 images, 48 pairs').waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Change' }).click();
    await page.getByLabel('A checkpoint folder for the teacher').setInputFiles(`${FIXTURE}/teacher`);
    await page.getByRole('region', { name: 'Models' }).getByText('ViT 48/8').waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Step', exact: true }).click();
    await untilStep(page, 1);
    // Captions have no classes to be right in.
    await page.getByRole('row', { name: /^student( \d+\.\d){3}$/ }).waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export student' }).click();
    const files = Object.keys(unzipSync(await readFile(await (await download).path())));
    expect(files).toEqual(expect.arrayContaining(['run.json', 'heads.safetensors']));
    expect(files.some((file) => file.endsWith('model.safetensors'))).toBe(true);
  },
);

it('says in one sentence what is wrong with a checkpoint, goes on, and loads one from a web address', async () => {
  const page = await browser.open(`${inject('pageUrl')}?backend=wasm`);
  await page.getByText('after step 0').waitFor({ timeout: 120_000 });
  const load = async (address: string) => {
    await page.getByLabel('Web address or hub id of the teacher').fill(address);
    await page.getByRole('button', { name: 'Look up' }).click();
    await page.getByText('does not tell how much').waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Load as teacher' }).click();
  };
  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByLabel('A checkpoint folder for the teacher').setInputFiles(`${FIXTURE}/data`);
  await page.getByRole('alert').getByText('config.json').waitFor({ timeout: 60_000 });
  await page.keyboard.press('Escape');
  expect(await page.getByRole('button', { name: 'Play', exact: true }).isEnabled()).toBe(true);

  await page.getByRole('button', { name: 'Change' }).click();
  await load(`${inject('pageUrl')}demo/images`);
  await page.getByRole('alert').getByText('is not a checkpoint folder').waitFor({ timeout: 60_000 });
  await load(`${inject('sourceUrl')}test/fixtures/reference/teacher`);
  await page.getByRole('region', { name: 'Models' }).getByText('ViT 48/8').waitFor({ timeout: 60_000 });
});
