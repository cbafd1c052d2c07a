import type { Page } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { violations } from './accessibility';
import { restart } from './controls';
import { useBrowser } from './setup';

const fakeUrl = inject('fakeUrl');
const browser = useBrowser();

const line = (page: Page) =>
  page.getByRole('banner').getByRole('button', { name: 'The batch is small for IFAlign', exact: true });
const advice = (page: Page) => page.getByRole('dialog', { name: 'Advice' });

async function setBatch(page: Page, size: number): Promise<void> {
  const batch = page.getByRole('textbox', { name: 'Batch size' });
  await batch.fill(String(size));
  await batch.press('Enter');
}

async function openWithAdvice(options?: { width?: number; dark?: boolean }): Promise<Page> {
  const page = await browser.open(`${fakeUrl}?speed=60`, options);
  await page.getByText('after step 0').waitFor();
  await setBatch(page, 8);
  await line(page).waitFor();
  return page;
}

it('has nothing to say of a healthy run', async () => {
  const page = await browser.open(`${fakeUrl}?speed=200`);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  // It was judged once a second by then.
  await page.waitForFunction(() => Number(document.querySelector('output')?.textContent) >= 400, undefined, {
    timeout: 60_000,
  });
  expect(await page.getByRole('status').getByText('Advice').count()).toBe(0);
  expect(await advice(page).count()).toBe(0);
});

it('says what is wrong, mends it and takes effect with a restart', async () => {
  const page = await openWithAdvice();
  await page
    .getByRole('status')
    .getByText('Advice: The batch is small for IFAlign')
    .waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.waitForFunction(() => Number(document.querySelector('output')?.textContent) >= 3);
  await line(page).click();
  await advice(page).getByText('off by ±53 %').waitFor();
  await advice(page).getByRole('button', { name: 'Use batches of 32' }).click();
  expect(await page.getByRole('textbox', { name: 'Batch size' }).inputValue()).toBe('32');
  await advice(page).getByRole('button', { name: 'Restart to apply' }).click();
  await line(page).waitFor({ state: 'detached' });
  await page.getByRole('region', { name: 'Results' }).getByText('batch 32 running').waitFor();
});

it('is dismissed for these settings, and closed by Escape', async () => {
  const page = await openWithAdvice();
  await line(page).focus();
  await page.keyboard.press('Enter');
  await advice(page).waitFor();
  await page.keyboard.press('Escape');
  await advice(page).waitFor({ state: 'hidden' });
  await expect.poll(() => line(page).evaluate((button) => button === document.activeElement)).toBe(true);
  await line(page).click();
  await advice(page).getByRole('button', { name: 'Dismiss: The batch is small for IFAlign' }).click();
  await line(page).waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  // It is judged again every second.
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.waitForFunction(() => Number(document.querySelector('output')?.textContent) >= 90);
  expect(await line(page).count()).toBe(0);
  await setBatch(page, 4);
  await restart(page);
  await line(page).waitFor();
});

it.each([
  { dark: false, width: 1440 },
  { dark: true, width: 1024 },
])('leaves everything where it is, and can be read (%j)', async (options) => {
  const page = await browser.open(fakeUrl, options);
  await page.getByText('after step 0').waitFor();
  const places = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('.panel, header .button')].map((one) => {
        const { left, top, width, height } = one.getBoundingClientRect();
        return [left, top, width, height].map(Math.round).join();
      }),
    );
  const before = await places();
  await setBatch(page, 8);
  await line(page).waitFor();
  expect(await places()).toEqual(before);
  await line(page).click();
  expect(await violations(page)).toEqual([]);
});
