import { readdir, readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { bytes } from '../../src/page/format';
import { type HubServer, startHubServer } from '../hubServer';
import { violations } from './accessibility';
import { networkRows } from './network';
import { useBrowser } from './setup';

const FIXTURE = 'test/fixtures/reference';
const ID = 'acme/tiny-clip';

const fakeUrl = inject('fakeUrl');
const browser = useBrowser();

let hub: HubServer;
beforeAll(async () => {
  hub = await startHubServer();
  const names = await readdir(`${FIXTURE}/teacher`);
  const files = names.map(async (name) => [name, await readFile(`${FIXTURE}/teacher/${name}`)] as const);
  hub.repositories.set(ID, { files: new Map(await Promise.all(files)), token: 'hf_secret', gated: true });
});
afterAll(() => hub.close());

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Models' });
const panel = (page: Page) => page.getByRole('region', { name: 'Models', exact: true });
const button = (page: Page, name: string) => dialog(page).getByRole('button', { name, exact: true });
const tab = (page: Page, name: string) => dialog(page).getByRole('tab', { name }).click();
const comparison = (page: Page) => dialog(page).getByRole('region', { name: 'Both models side by side' });
const row = (page: Page, name: string) => comparison(page).getByRole('row', { name });

async function openDialog(options: { width?: number; height?: number; dark?: boolean } = {}): Promise<Page> {
  const page = await browser.open(fakeUrl, options);
  await page.getByText('after step 0').waitFor();
  await page.getByRole('button', { name: 'Change' }).click();
  return page;
}

async function lookUp(page: Page, place: string): Promise<void> {
  await dialog(page).getByLabel('Web address or hub id of the teacher').fill(place);
  await button(page, 'Look up').click();
}

it('tells what a known model would take before it is loaded, and what it is like', async () => {
  const page = await openDialog();
  await comparison(page)
    .getByText('The student is 18 % of the teacher’s size and 5 % of its work.')
    .waitFor();
  const known = dialog(page).getByRole('radio', { name: 'LAION-2B ViT-B/32' });
  expect(await dialog(page).getByRole('radio', { name: 'not tried from here' }).count()).toBe(12);
  await known.check({ force: true });
  await dialog(page).getByText('297.6 MB to download; 310.4 MB are stored already.').waitFor();
  await dialog(page).getByText('175.7 MB on the device, 2 bytes a parameter in float16').waitFor();
  expect(await row(page, 'Teacher').textContent()).toContain('87.86 M');
  await button(page, 'Load as teacher').click();
  await dialog(page).waitFor({ state: 'detached' });
  await panel(page).getByText('ViT 224/32').waitFor();
  await page.getByRole('status').getByText('was made for images of 224 pixels').waitFor();
  await page.getByRole('button', { name: 'Change' }).click();
  await tab(page, 'Stored');
  const stored = dialog(page).getByRole('list', { name: 'Stored models' }).getByRole('listitem');
  expect(await stored.first().textContent()).toMatch(/laion2B.*608\.0 MB.*just now.*in use/);
  await button(page, 'Delete wkcn/TinyCLIP-ViT-8M-16-Text-3M-YFCC15M').click();
  await expect.poll(() => stored.count()).toBe(1);
});

it('keeps the dialog and the model in use where one can’t be loaded or is cancelled', async () => {
  const page = await openDialog();
  await dialog(page).getByLabel('Web address or hub id of the teacher').fill('not a model');
  await dialog(page)
    .getByText(/^A model is named owner\/name, such as /)
    .waitFor();
  expect(await button(page, 'Look up').isDisabled()).toBe(true);
  await lookUp(page, 'owner/missing');
  expect(
    await dialog(page)
      .getByText(/^A model is named/)
      .count(),
  ).toBe(0);
  await dialog(page).getByRole('alert').getByText('has no public model owner/missing').waitFor();
  await lookUp(page, 'owner/slow');
  await dialog(page).getByText('608.0 MB to download').waitFor();
  expect(await dialog(page).getByRole('alert').count()).toBe(0);
  await button(page, 'Load as teacher').click();
  await dialog(page).getByRole('progressbar', { name: 'model.safetensors' }).waitFor();
  await dialog(page)
    .getByText(/MB\/s, \d+ s left/)
    .waitFor();
  await button(page, 'Cancel').click();
  await page.getByRole('progressbar').first().waitFor({ state: 'detached' });
  expect(await button(page, 'Load as teacher').isEnabled()).toBe(true);
  await dialog(page).getByLabel('A checkpoint folder for the teacher').setInputFiles(`${FIXTURE}/data`);
  await dialog(page).getByRole('alert').getByText('is not a checkpoint folder').waitFor();
  await button(page, 'Close').click();
  await panel(page).getByText('ViT 64/8').waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
  // What is trained is what the panel shows.
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await page.getByRole('region', { name: 'Results' }).getByText('ComKD paused').waitFor();
  await panel(page).getByText('ViT 64/8').waitFor();
});

it('takes a token for a private model, and forgets it', async () => {
  const page = await openDialog();
  await lookUp(page, 'owner/private');
  await dialog(page).getByRole('alert').getByText('accept them, then give a token').waitFor();
  await dialog(page).getByText('Private models or a mirror').click();
  await dialog(page).getByLabel('Access token').fill('hf_secret');
  await button(page, 'Use').click();
  await dialog(page).getByText('token set').waitFor();
  expect(await dialog(page).getByLabel('Access token').inputValue()).toBe('');
  await lookUp(page, 'owner/private');
  await dialog(page).getByText('608.0 MB to download').waitFor();
  await button(page, 'Forget').click();
  await dialog(page).getByText('token set').waitFor({ state: 'detached' });
  expect(await page.evaluate(() => JSON.stringify(localStorage) + location.href)).not.toContain('hf_secret');
});

it('makes students of own sizes, and of the teacher’s layers', async () => {
  const page = await openDialog();
  await tab(page, 'Student');
  const size = (name: string) => dialog(page).getByRole('spinbutton', { name });
  await size('Heads').fill('7');
  await dialog(page).getByText('7 heads don’t divide a width of 64: 8 or 4 would.').waitFor();
  expect(await button(page, 'Load').isDisabled()).toBe(true);
  await size('Heads').fill('8');
  await size('Width').fill('2048');
  await dialog(page).getByText('Too large: one of its tensors takes').waitFor();
  await dialog(page).getByText('Layers of the teacher').click();
  await row(page, 'Student').getByText('3 of 6 layers').waitFor();
  await dialog(page).getByRole('textbox', { name: 'Layers kept of 6' }).fill('2');
  await page.keyboard.press('Enter');
  await row(page, 'Student').getByText('2 of 6 layers').waitFor();
  await dialog(page).getByText('Front of all layers').click();
  const width = dialog(page).getByRole('textbox', { name: 'Width kept of 128' });
  await width.fill('40');
  await page.keyboard.press('Enter');
  expect(await width.inputValue()).not.toBe('40');
  await width.fill('64');
  await page.keyboard.press('Enter');
  expect(await width.inputValue()).toBe('64');
  await comparison(page).getByText('The student is 33 % of the teacher’s size').waitFor();
  await button(page, 'Use as student').click();
  await dialog(page).waitFor({ state: 'detached' });
  await panel(page).getByText(', cut').waitFor();
});

it('takes the student that has learnt before, whose prompts learn on, and a new one again, all of which learns', async () => {
  const page = await openDialog();
  await tab(page, 'Student');
  await dialog(page).getByText('Pre-trained, the demo’s').click();
  await dialog(page).getByText('It stands still').waitFor();
  await button(page, 'Use as student').click();
  await dialog(page).waitFor({ state: 'detached' });
  const trains = page.getByRole('combobox', { name: 'Trains' });
  await expect.poll(() => trains.inputValue()).toBe('prompts');
  await page.getByRole('button', { name: 'Change' }).click();
  await tab(page, 'Student');
  await dialog(page).getByText('Random weights', { exact: true }).click();
  await button(page, 'Use as student').click();
  await dialog(page).waitFor({ state: 'detached' });
  await expect.poll(() => trains.inputValue()).toBe('full');
});

it('is worked by keys alone', async () => {
  const page = await browser.open(fakeUrl);
  await page.getByText('after step 0').waitFor();
  await page.getByRole('button', { name: 'Change' }).focus();
  await page.keyboard.press('Enter');
  // The dialog takes the focus when it has opened.
  await dialog(page).getByRole('radio').first().waitFor();
  await page.locator('[role="dialog"] :focus, [role="dialog"]:focus').waitFor();
  await dialog(page).getByRole('radio').first().focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await dialog(page).getByText('608.0 MB to download').waitFor();
  expect(await dialog(page).getByRole('radio', { name: 'TinyCLIP ViT-39M/16' }).isChecked()).toBe(true);
  await dialog(page).getByRole('tab', { name: 'Teacher' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => page.locator(':focus').textContent()).toBe('Student');
  await page.keyboard.press('Escape');
  await expect.poll(() => page.locator(':focus').textContent()).toBe('Change');
});

it.each([
  { dark: false, width: 1440, height: 900 },
  { dark: true, width: 1024, height: 768 },
])('has texts that can be read, and no room that is too narrow (%j)', async (options) => {
  const page = await openDialog(options);
  await dialog(page).getByRole('radio').nth(2).check({ force: true });
  await dialog(page).getByText('to download').waitFor();
  for (const name of ['Teacher', 'Student', 'Stored']) {
    await tab(page, name);
    expect(await violations(page), name).toEqual([]);
    const wide = await page.evaluate(() =>
      ['[role="dialog"]', '[role="tabpanel"]'].map((one) => {
        const box = document.querySelector(one);
        return box ? box.scrollWidth - box.clientWidth : -1;
      }),
    );
    expect(wide, name).toEqual([0, 0]);
  }
});

const ranges = () =>
  hub.requests.filter(({ path }) => path.startsWith('/content/')).map(({ range }) => range);

it('loads from a mirror with a token, resumes, keeps what came, trains and deletes', async () => {
  const page = await browser.open(`${inject('pageUrl')}?backend=wasm`);
  await page.getByText('after step 0').waitFor({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Change' }).click();
  await dialog(page).getByText('Private models or a mirror').click();
  await dialog(page).getByLabel('Mirror of the hub').fill(hub.address);
  await dialog(page).getByLabel('Access token').fill('hf_secret');
  await button(page, 'Use').click();
  await lookUp(page, ID);
  await dialog(page).getByText('to download').waitFor({ timeout: 60_000 });
  await row(page, 'Teacher').getByText('ViT 48/8').waitFor();
  hub.faults.set('model.safetensors', [{ kind: 'ends early', after: 70_000 }]);
  await button(page, 'Load as teacher').click();
  await dialog(page).waitFor({ state: 'detached', timeout: 60_000 });
  await panel(page).getByText('ViT 48/8').waitFor();
  expect(ranges()).toEqual(['bytes=0-', 'bytes=70000-']);
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await page.waitForFunction(() => document.querySelector('output')?.textContent === '1');
  await page.getByRole('button', { name: 'Share' }).click();
  await page.waitForURL(/#run=/);

  await page.getByRole('button', { name: 'Change' }).click();
  await tab(page, 'Stored');
  const stored = dialog(page).getByRole('list', { name: 'Stored models' });
  await stored.getByText('in use').waitFor();
  expect(await stored.textContent()).toContain(ID);
  await tab(page, 'Student');
  await dialog(page).getByText('Layers of the teacher').click();
  await button(page, 'Use as student').click();
  await dialog(page).waitFor({ state: 'detached', timeout: 60_000 });
  await panel(page).getByText(', cut').waitFor();

  // Another one in its place, from the disk, and it can go.
  await page.getByRole('button', { name: 'Change' }).click();
  await dialog(page).getByLabel('A checkpoint folder for the teacher').setInputFiles(`${FIXTURE}/teacher`);
  await dialog(page).waitFor({ state: 'detached', timeout: 60_000 });
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await page.waitForFunction(() => document.querySelector('output')?.textContent === '1');
  await page.getByRole('button', { name: 'Change' }).click();
  await tab(page, 'Stored');
  await button(page, `Delete ${ID}`).click();
  await dialog(page).getByText('Nothing is stored').waitFor();

  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Help' }).click();
  const { host } = new URL(hub.address);
  const { host: contentHost } = new URL(hub.contentAddress);
  const [own, ...others] = await networkRows(page);
  expect(own.from).toContain('this page’s own folder');
  expect(others.map(({ from }) => from)).toEqual([
    `${host} an address that you gave`,
    `${contentHost} where ${host} led`,
  ]);
  const asked = hub.requests.filter(({ path }) => path.startsWith('/content/'));
  expect(others[1].requests).toBe(asked.length);
  const { files } = hub.repositories.get(ID) ?? {};
  const weights = files?.get('model.safetensors')?.length ?? 0;
  expect(others[1].size).toBe(bytes(weights));
});
