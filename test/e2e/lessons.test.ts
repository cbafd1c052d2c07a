import type { Page } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { violations } from './accessibility';
import { settled } from './controls';
import { useBrowser } from './setup';

const fakeUrl = inject('fakeUrl');
const browser = useBrowser();

const card = (page: Page) => page.getByRole('complementary', { name: /^(Lessons|Lektionen)$/ });
const button = (page: Page, name: string | RegExp) => card(page).getByRole('button', { name, exact: true });
const heading = (page: Page, name: string) => card(page).getByRole('heading', { name, exact: true });
const pointed = (page: Page) => page.locator('[data-pointed]');

async function openLessons(
  search = '',
  options?: { width?: number; height?: number; dark?: boolean },
): Promise<Page> {
  const page = await browser.open(`${fakeUrl}${search}`, options);
  await page.getByText('after step 0').waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Lessons', exact: true }).click();
  await card(page).waitFor();
  return page;
}

/** Pixels that the card hides of what it points at. */
const hidden = (page: Page) =>
  page.evaluate(() => {
    const [a, b] = ['aside', '[data-pointed]'].map((one) =>
      document.querySelector(one)?.getBoundingClientRect(),
    );
    if (!a || !b) return -1;
    const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    return Math.max(0, width) * Math.max(0, height);
  });

it('goes through a lesson, which goes on by itself when it has seen what it waits for', async () => {
  const page = await openLessons('?speed=100');
  await button(page, /^Features and IFAlign/).click();
  await heading(page, 'What features are').waitFor();
  await button(page, 'Next').click();
  await heading(page, 'Two crowds').waitFor();
  expect(await pointed(page).textContent()).toMatch(/^IFAlign/);
  await pointed(page).getByRole('button', { name: 'IFAlign' }).click();
  await heading(page, 'Watch them meet').waitFor();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await heading(page, 'Without it').waitFor();
  await page.getByRole('switch', { name: 'IFAlign' }).click();
  await page.getByRole('button', { name: 'Apply and restart' }).click();
  await heading(page, 'Nothing but it').waitFor();
  await button(page, 'Do it for me').click();
  await heading(page, 'Both together').waitFor();
  expect(await page.getByRole('switch', { name: 'IFAlign' }).getAttribute('aria-checked')).toBe('true');
  expect(await page.getByRole('switch', { name: 'Refinement' }).getAttribute('aria-checked')).toBe('false');
  await button(page, 'Skip').click();
  await button(page, 'Finish').click();
  await button(page, /^Features and IFAlign.*done/).waitFor();
  expect(await pointed(page).count()).toBe(0);
});

it('keeps how far a lesson has come, and gives the focus back', async () => {
  const page = await openLessons();
  await button(page, /^Why distil/).click();
  await button(page, 'Next').press('Enter');
  await button(page, 'Next').press('Enter');
  await heading(page, 'It begins by guessing').waitFor();
  await page.keyboard.press('Escape');
  await card(page).waitFor({ state: 'detached' });
  const lessons = page.getByRole('button', { name: 'Lessons', exact: true });
  await expect.poll(() => lessons.evaluate((one) => one === document.activeElement)).toBe(true);
  await page.reload();
  await lessons.click();
  await button(page, /^Why distil.*3 \/ 7/).click();
  await heading(page, 'It begins by guessing').waitFor();
});

it('speaks German once it is chosen', async () => {
  const page = await openLessons();
  await button(page, 'Deutsch').click();
  await button(page, /^Merkmale und IFAlign/).click();
  await heading(page, 'Was Merkmale sind').waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Lessons', exact: true }).click();
  await heading(page, 'Lektionen').waitFor();
  await button(page, 'English').click();
  await heading(page, 'Lessons').waitFor();
});

it('finds everything that a lesson can point at, each once, and never covers it', async () => {
  const page = await openLessons();
  const entries = card(page).getByRole('listitem').getByRole('button');
  for (let i = 0; i < 8; i++) {
    const name = await entries.nth(i).textContent();
    await entries.nth(i).click();
    for (let at = 1; (await button(page, 'All lessons').count()) > 0; at++) {
      await settled(page);
      expect(await pointed(page).count(), `${name}, step ${at}`).toBe(1);
      expect(await hidden(page), `${name}, step ${at}`).toBe(0);
      await button(page, /^(Next|Skip|Finish)$/).click();
    }
  }
});

it('turns its pages by arrow keys while it has the focus, and leaves Page Down to the page', async () => {
  const page = await openLessons();
  await button(page, /^What a CLIP is/).click();
  await heading(page, 'Pictures and texts').waitFor();
  await page.keyboard.press('ArrowRight');
  await heading(page, 'A picture becomes numbers').waitFor();
  await page.keyboard.press('PageDown');
  await page.keyboard.press('ArrowLeft');
  await heading(page, 'Pictures and texts').waitFor();
  await page.getByRole('button', { name: 'Step', exact: true }).focus();
  await page.keyboard.press('ArrowRight');
  await button(page, 'Next').focus();
  await page.keyboard.press('ArrowRight');
  await heading(page, 'A picture becomes numbers').waitFor();
});

it('says what stands in the way of what it waits for, and makes way', async () => {
  const page = await openLessons('?speed=100');
  await page.clock.install();
  await page.getByRole('switch', { name: 'Refinement' }).click();
  await button(page, /^Why distil/).click();
  // Steps before it may go on by themselves.
  while (!(await heading(page, 'Half of them right').isVisible()))
    await button(page, /^(Next|Skip)$/).click();
  const status = card(page).getByRole('status');
  await status.getByText(/^Goes on by itself/).waitFor();
  await page.clock.runFor(10_000);
  await status.getByText(/^It can’t come: this step needs other settings/).waitFor();
  await button(page, 'Do it for me').click();
  await heading(page, 'Why not from labels alone?').waitFor();
  expect(await page.getByRole('switch', { name: 'Refinement' }).getAttribute('aria-checked')).toBe('true');
});

it('presents: only what matters, larger, with arrow keys', async () => {
  const page = await openLessons('?present');
  const shows = (name: string) => page.getByRole('region', { name, exact: true }).isVisible();
  expect([await shows('Distillation'), await shows('Method'), await shows('Inspect')]).toEqual([
    true,
    false,
    false,
  ]);
  await button(page, /^Frozen, prompts/).click();
  await heading(page, 'Three choices').waitFor();
  await expect.poll(() => shows('Method')).toBe(true);
  await page.keyboard.press('ArrowRight');
  await heading(page, 'Frozen').waitFor();
  await page.keyboard.press('PageUp');
  await heading(page, 'Three choices').waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1440);
  await page.keyboard.press('p');
  await expect.poll(() => shows('Inspect')).toBe(true);
});

it.each([
  { dark: false, width: 1440, height: 900 },
  { dark: true, width: 1024, height: 768 },
])('has texts that can be read, in the list and in a step (%j)', async (options) => {
  const page = await openLessons('', options);
  expect(await violations(page)).toEqual([]);
  await button(page, /^Refinement and/).click();
  await button(page, 'Next').click();
  await heading(page, 'How far apart?').waitFor();
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(options.width);
});
