import type { Page } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { useBrowser } from './setup';

const fakeUrl = inject('fakeUrl');
const browser = useBrowser();

async function open(): Promise<Page> {
  const page = await browser.open(fakeUrl);
  await page.getByText('after step 0').waitFor();
  return page;
}

/** The name of what has the focus. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { ariaLabel, textContent } = document.activeElement ?? {};
    return ariaLabel || textContent;
  });

it('keeps the focus in a dialog, and gives it back to what opened it', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Help' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Help' });
  await dialog.waitFor();
  for (const key of ['Tab', 'Tab', 'Shift+Tab']) {
    await page.keyboard.press(key);
    expect(await dialog.evaluate((one) => one.contains(document.activeElement)), key).toBe(true);
  }
  // The page's own keys rest.
  await page.keyboard.press('.');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await expect.poll(() => focused(page)).toBe('Help');
  expect(await page.getByLabel('step', { exact: true }).textContent()).toBe('0');
});

it('stays open where it is pressed beside, so that nothing typed is lost', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'the hub' }).click();
  await page.getByRole('dialog').locator('input:focus').waitFor();
  await page.keyboard.type('owner/name');
  await page.mouse.click(8, 400);
  const field = page.getByRole('dialog').getByRole('textbox');
  expect(await field.inputValue()).toBe('owner/name');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await expect.poll(() => focused(page)).toBe('the hub');
});

it('closes the uppermost alone by Escape', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Lessons', exact: true }).click();
  const lessons = page.getByRole('complementary', { name: 'Lessons' });
  await lessons.waitFor();
  await page.getByRole('button', { name: 'Look closer' }).click();
  const review = page.getByRole('dialog');
  await review.getByRole('button', { name: 'Close' }).focus();
  await page.keyboard.press('Escape');
  await review.waitFor({ state: 'detached' });
  expect(await lessons.isVisible()).toBe(true);
  await expect.poll(() => focused(page)).toBe('Look closer');
});

it('explains a control to the focus, until Escape', async () => {
  const page = await open();
  const step = page.getByRole('button', { name: 'Step', exact: true });
  await page.getByRole('button', { name: 'Play', exact: true }).focus();
  await page.keyboard.press('Tab');
  const tooltip = page.getByRole('tooltip');
  await expect.poll(() => tooltip.textContent()).toBe('One step (.)');
  expect(await step.getAttribute('aria-describedby')).toBe(await tooltip.getAttribute('id'));
  await page.keyboard.press('Escape');
  await tooltip.waitFor({ state: 'detached' });
  const alignment = page.getByRole('switch', { name: 'IFAlign' });
  await alignment.focus();
  await expect.poll(() => tooltip.textContent()).toBe('IFAlign: on');
  await page.keyboard.press(' ');
  expect(await alignment.getAttribute('aria-checked')).toBe('false');
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
});

it('chooses one of a few, and a slider’s stop, by arrow keys', async () => {
  const page = await open();
  const scale = page.getByRole('radiogroup', { name: 'Scale of losses' });
  await scale.getByRole('radio', { name: 'log' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => focused(page)).toBe('linear');
  expect(await scale.getByRole('radio', { name: 'linear' }).isChecked()).toBe(true);
  const typed = page.getByRole('textbox', { name: 'Batch size, typed' });
  const batch = page.getByRole('slider', { name: 'Batch size' });
  await batch.focus();
  await page.keyboard.press('ArrowRight');
  expect([await typed.inputValue(), await batch.getAttribute('aria-valuetext')]).toEqual(['64', '64']);
  await page.keyboard.press('Home');
  expect(await typed.inputValue()).toBe('4');
  await page.keyboard.press('.');
  await page.waitForFunction(() => document.querySelector('output')?.textContent === '1');
});

it('drags a slider by its whole height', async () => {
  const page = await open();
  const typed = page.getByRole('textbox', { name: 'Batch size, typed' });
  const box = await page.getByRole('slider', { name: 'Batch size' }).boundingBox();
  if (!box) throw new Error('There is no slider.');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2 - 9];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 200, y, { steps: 4 });
  await page.mouse.up();
  // The largest of its stops that the data's 98 images fill.
  expect(await typed.inputValue()).toBe('64');
});
