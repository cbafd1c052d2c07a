import type { Page } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { button, dialog, field, isOn, type } from './controls';
import { useBrowser } from './setup';

const fakeUrl = inject('fakeUrl');
const browser = useBrowser();

async function openPage(search = '?speed=100', options?: { dark?: boolean }): Promise<Page> {
  const page = await browser.open(fakeUrl + search, options);
  await page.getByText('after step 0').waitFor();
  return page;
}

it('undoes and redoes settings, switches and concepts, a drag as one', async () => {
  const page = await openPage();
  await button(page, 'Undo: nothing').waitFor();
  await page.getByRole('switch', { name: 'IFAlign' }).click();
  await button(page, 'Undo IFAlign off').waitFor();
  await type(page, 'Learning rate', '0.01');
  await button(page, 'Undo learning rate 0.0015 → 0.01').waitFor();
  const slider = page.getByRole('slider', { name: 'Temperature τ' });
  const { x = 0, y = 0, width = 0, height = 0 } = (await slider.boundingBox()) ?? {};
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  for (const by of [20, 40, 60]) await page.mouse.move(x + width / 2 + by, y + height / 2);
  await page.mouse.up();
  await button(page, /^Undo temperature τ 1 → \d$/).waitFor();
  await button(page, 'Concepts').click();
  await dialog(page, 'Concepts of the demo').getByRole('button', { name: 'owl' }).click();
  await button(page, 'Use 19 concepts').click();
  await button(page, 'Undo 20 concepts → 19').waitFor();

  // In a field, the browser takes back what was typed.
  await field(page, 'Batch size').focus();
  await page.keyboard.type('7');
  await page.keyboard.press('Control+z');
  expect(await field(page, 'Batch size').inputValue()).toBe('32');
  await button(page, 'Undo 20 concepts → 19').waitFor();
  await page.getByRole('heading', { name: 'Method' }).click();

  await page.keyboard.press('Control+z');
  await button(page, /^Undo temperature/).click();
  await button(page, 'Undo learning rate 0.0015 → 0.01').waitFor();
  await page.keyboard.press('Control+z');
  expect(await field(page, 'Learning rate').inputValue()).toBe('0.0015');
  await page.keyboard.press('Control+z');
  expect(await isOn(page, 'IFAlign')).toBe('true');
  await button(page, 'Undo: nothing').waitFor();
  await page.keyboard.press('Control+Shift+Z');
  expect(await isOn(page, 'IFAlign')).toBe('false');
  await page.keyboard.press('Control+y');
  expect(await field(page, 'Learning rate').inputValue()).toBe('0.01');
  // What is set now can't be made anew any more.
  await page.getByRole('switch', { name: 'EduAttention' }).click();
  await button(page, 'Redo: nothing').waitFor();
});
