import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { violations } from './accessibility';
import { outputNumber, useBrowser } from './setup';

const fakeUrl = inject('fakeUrl');
const browser = useBrowser();

/** A real drop event of files of these names. */
const drop = (page: Page, ...names: string[]) =>
  page.evaluate((names) => {
    const dataTransfer = new DataTransfer();
    for (const name of names) dataTransfer.items.add(new File(['x'], name));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, names);

const paste = (page: Page, text: string) =>
  page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
  }, text);

const dataOf = (page: Page) => page.getByRole('region', { name: 'Data', exact: true });
const dialog = (page: Page) => page.getByRole('dialog');
const tab = (page: Page, name: string) => page.getByRole('tab', { name }).click();
const apply = (page: Page) => dialog(page).getByRole('button', { name: 'Apply' });

async function openWith(...names: string[]): Promise<Page> {
  const page = await browser.open(fakeUrl);
  await page.getByText('after step 0').waitFor();
  await drop(page, ...names);
  await dataOf(page).getByText('Back to the demo').waitFor();
  await page.getByText('after step 0').waitFor();
  return page;
}

it('goes back to the demo, and opens nothing', async () => {
  const page = await openWith('pictures.zip');
  await dataOf(page).getByRole('button', { name: 'Back to the demo' }).click();
  await dataOf(page).getByText('Emoji by seven artists').waitFor();
  expect(await dialog(page).count()).toBe(0);
});

async function review(...names: string[]): Promise<Page> {
  const page = await openWith(...names);
  await page.getByRole('button', { name: 'Look closer' }).click();
  return page;
}

const overflow = (page: Page) =>
  page.evaluate(() => ({
    page: document.documentElement.scrollHeight - innerHeight,
    panels: [...document.querySelectorAll('.panel')]
      .filter((panel) => panel.scrollWidth > panel.clientWidth || panel.scrollHeight > panel.clientHeight)
      .map((panel) => panel.className),
  }));

it('adds up drops, pastes and data sets of the hub, and takes each out again', async () => {
  const page = await openWith('pets.zip');
  await dataOf(page).getByText('40 images, 40 pairs').waitFor();
  await drop(page, 'birds.zip');
  await dataOf(page).getByText('80 images').waitFor();
  await paste(page, 'https://huggingface.co/datasets/owner/hub-name');
  await dataOf(page).getByText('120 images').waitFor();
  expect(await overflow(page)).toEqual({ page: 0, panels: [] });
  await page.getByRole('button', { name: 'Remove birds.zip' }).click();
  await dataOf(page).getByText('80 images').waitFor();
  const parts = dataOf(page).getByRole('list', { name: 'What the data adds up from' }).getByRole('listitem');
  expect(await parts.allTextContents()).toEqual(['pets.zip', 'owner/hub-name']);
  await page.getByRole('button', { name: 'Remove pets.zip' }).click();
  await dataOf(page).getByText('40 images').waitFor();
  await page.getByRole('button', { name: 'Remove owner/hub-name' }).click();
  await dataOf(page).getByText('Emoji by seven artists').waitFor();
});

it('opens a data set of the hub by its id, and takes no typed text for one', async () => {
  const page = await browser.open(fakeUrl);
  await page.getByText('after step 0').waitFor();
  await page.getByRole('button', { name: 'the hub' }).click();
  const open = dialog(page).getByRole('button', { name: 'Open' });
  await dialog(page).locator('input:focus').waitFor();
  await page.keyboard.type('owner');
  expect(await open.isDisabled()).toBe(true);
  await page.keyboard.type('/hub-name');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Remove owner/hub-name' }).waitFor();
  await page.getByRole('button', { name: 'Share' }).click();
  await page.waitForURL(/#run=/);
  const other = await browser.open(page.url());
  await other.getByRole('button', { name: 'Remove owner/hub-name' }).waitFor();
});

it('cancels the reading of data, which leaves what was there', async () => {
  const page = await browser.open(fakeUrl);
  await page.getByText('after step 0').waitFor();
  await drop(page, 'slow.zip');
  await page.getByRole('progressbar', { name: 'Reading images' }).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('progressbar').waitFor({ state: 'detached' });
  await dataOf(page).getByText('Emoji by seven artists').waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
});

it('adds a drop to one that is being read', async () => {
  const page = await browser.open(fakeUrl);
  await page.getByText('after step 0').waitFor();
  await drop(page, 'slow.zip');
  await page.getByRole('progressbar', { name: 'Reading images' }).waitFor();
  await drop(page, 'pets.zip');
  await page.getByRole('button', { name: 'Remove pets.zip' }).waitFor();
  expect(await page.getByRole('button', { name: /^Remove/ }).count()).toBe(2);
  await dataOf(page).getByText('80 images').waitFor();
});

it('asks what images without any text may show', async () => {
  const page = await browser.open(fakeUrl);
  await page.getByText('after step 0').waitFor();
  await drop(page, 'a.png', 'b.png');
  await dialog(page).getByRole('alert').getByText('no text belongs to them').waitFor();
  const use = dialog(page).getByRole('button', { name: 'Use these names' });
  expect(await use.isDisabled()).toBe(true);
  await page.keyboard.type('sea otter, owl\nkey');
  await use.click();
  await dialog(page).waitFor({ state: 'detached' });
  await dataOf(page).getByText('3 classes').waitFor();
});

it('looks into images behind the scenes and loads again what has changed, or offers to', async () => {
  const page = await openWith('changing.zip');
  await dataOf(page)
    .getByText(/looked into \d+ of 40/)
    .waitFor();
  await dataOf(page).getByText('4 files skipped').waitFor();
  await page.getByText('after step 0').waitFor();
  expect(await page.getByText('data changed').count()).toBe(0);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  // What it finds there is told once a step has been taken.
  await drop(page, 'waiting.zip');
  await dataOf(page).getByText('80 images').waitFor();
  await page.getByText('after step 0').waitFor();
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await page.getByRole('button', { name: 'Apply changed data and restart' }).click();
  await page.getByText('after step 0').waitFor();
  await page.getByText('data changed').waitFor({ state: 'detached' });
  expect(await outputNumber(page, 'step')).toBe(0);
});

it('lists 100,000 images but asks for those in sight alone', async () => {
  const page = await review('huge.tar');
  await tab(page, 'Images');
  const list = dialog(page).getByRole('region', { name: 'Images and their texts' });
  await list.getByText('sea otter').first().waitFor();
  expect(await list.getByRole('listitem').count()).toBeLessThan(120);
  await list.focus();
  await page.keyboard.press('End');
  await list.locator('li[aria-posinset="100000"]').getByText('telescope').waitFor();
  expect(await list.getByRole('listitem').count()).toBeLessThan(120);
  await dialog(page).getByRole('searchbox').fill('hedgehog');
  await dialog(page).getByText('5,000 images').waitFor();
  await list.getByText('hedgehog').first().waitFor();
  expect(await list.getByText('sea otter').count()).toBe(0);
});

it('applies edits together, and keeps them where they are refused', async () => {
  const page = await review('pets.zip');
  await tab(page, 'Classes');
  const name = dialog(page).getByRole('textbox', { name: 'Name of class 2, peacock' });
  const template = dialog(page).getByRole('textbox', { name: 'Prompt template' });
  await template.fill('no place');
  expect(await apply(page).isDisabled()).toBe(true);
  await template.fill('a sketch of {}');
  await dialog(page).getByText('“a sketch of sea otter”').waitFor();
  await name.fill('');
  await apply(page).click();
  await dialog(page).getByRole('alert').getByText('a class needs a name').waitFor();
  expect(await template.inputValue()).toBe('a sketch of {}');
  await name.fill('peafowl');
  await tab(page, 'Splits');
  await dialog(page).getByRole('textbox', { name: 'Kept for testing' }).fill('50');
  await apply(page).click();
  await dialog(page).getByText('Applied').waitFor();
  await dialog(page).getByText('Now: 20 train, 20 test.').waitFor();
  await tab(page, 'Classes');
  await dialog(page).getByRole('textbox', { name: 'Name of class 2, peafowl' }).waitFor();
  await tab(page, 'Columns');
  await dialog(page).getByRole('combobox', { name: 'Text', exact: true }).selectOption('caption');
  await dialog(page).getByRole('columnheader', { name: 'caption text' }).waitFor();
  await dialog(page).getByRole('button', { name: 'Discard' }).click();
  await dialog(page).getByRole('columnheader', { name: 'label text' }).waitFor();
  expect(await apply(page).isDisabled()).toBe(true);
});

it('previews augmentations, and lists skipped files for download', async () => {
  const page = await review('pets.zip');
  await tab(page, 'Augmentation');
  const draws = dialog(page).getByRole('list', { name: '8 random draws of the image' });
  await draws.locator('canvas').nth(7).waitFor();
  await dialog(page).getByText('crop, flip, colour').click();
  await apply(page).click();
  await dialog(page).getByText('Applied').waitFor();
  await tab(page, 'Skipped');
  const download = page.waitForEvent('download');
  await dialog(page).getByRole('button', { name: 'Download as CSV' }).click();
  expect(await readFile(await (await download).path(), 'utf8')).toBe(
    'file,reason\r\nimages/notes-0.png,is not an image: it begins with text\r\nimages/empty-0.jpg,is empty',
  );
});

it('goes through the review by keys', async () => {
  const page = await openWith('pets.zip');
  await page.getByRole('button', { name: 'Look closer' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: 'Overview' }).focus();
  for (const name of ['Images', 'Classes', 'Columns', 'Splits', 'Augmentation', 'Skipped, 2', 'Overview']) {
    await page.keyboard.press(name === 'Overview' ? 'Home' : 'ArrowRight');
    const focused = page.locator(':focus');
    await expect.poll(() => focused.textContent()).toBe(name);
    expect(await focused.getAttribute('aria-selected')).toBe('true');
  }
  await page.keyboard.press('Escape');
  await expect.poll(() => page.locator(':focus').textContent()).toBe('Look closer');
});

it('has texts that can be read in the review', async () => {
  const page = await browser.open(fakeUrl);
  await page.getByText('after step 0').waitFor();
  await drop(page, 'pets.zip');
  await dataOf(page).getByText('Back to the demo').waitFor();
  await page.getByText('after step 0').waitFor();
  await page.getByRole('button', { name: 'Look closer' }).click();
  for (const name of ['Overview', 'Images', 'Classes', 'Columns', 'Splits', 'Augmentation', 'Skipped']) {
    await tab(page, name);
    expect(await violations(page), name).toEqual([]);
    const wide = await page.evaluate(() => {
      const panel = document.querySelector('[role="tabpanel"]');
      return panel ? panel.scrollWidth - panel.clientWidth : -1;
    });
    expect(wide, name).toBe(0);
  }
  await tab(page, 'Classes');
  const classes = dialog(page).getByRole('listitem').filter({ hasText: 'train' });
  await classes.first().waitFor();
  const said = await classes.allInnerTexts();
  // None is called new that is trained on.
  expect(said.filter((one) => /\bnew\b/.test(one) && !/\b0 train/.test(one))).toEqual([]);
  expect(said.join()).toMatch(/2nd half[^a-z]*[1-9]\d* train/);
});

it('offers the data of the last visit where the browser gave handles', async () => {
  const page = await browser.open(fakeUrl);
  await page.getByText('after step 0').waitFor();
  // What a drop's handles are, from a disk that a test may write to.
  await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('pets', { create: true });
    const file = await folder.getFileHandle('otter.jpg', { create: true });
    const writable = await file.createWritable();
    await writable.write('x');
    await writable.close();
    Object.assign(DataTransferItem.prototype, { getAsFileSystemHandle: async () => folder });
  });
  await drop(page, 'pets.zip');
  await dataOf(page).getByText('Back to the demo').waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Reopen pets.zip' }).click();
  await page
    .getByRole('button', { name: 'Remove otter.jpg' })
    .or(page.getByRole('button', { name: 'Remove pets' }))
    .waitFor();
  await page.reload();
  await page.getByRole('button', { name: /^Forget/ }).click();
  await page.reload();
  await page.getByText('after step 0').waitFor();
  expect(await page.getByRole('button', { name: /^Reopen/ }).count()).toBe(0);
});
