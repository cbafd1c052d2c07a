import type { Page } from 'playwright-core';

/** The page's controls by what people know them by. */
export const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });
export const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
export const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name });
export const field = (page: Page, name: string) => page.getByRole('textbox', { name: `${name}, typed` });

export const isOn = (page: Page, name: string) =>
  page.getByRole('switch', { name }).getAttribute('aria-checked');

/** Starts a run again that has learned something, which the page asks about. */
export async function restart(page: Page): Promise<void> {
  await button(page, 'Reset').click();
  await button(page, 'Start again').click();
}

/** Until what moves by itself has come to rest. */
export const settled = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame);
    // What has just been rendered begins to move with the next frame.
    await frame();
    await frame();
    const ending = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });

/** By how much things have moved since the page was opened: the browsers' layout shifts, added up. */
export const layoutShift = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    let sum = 0;
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if ('value' in entry) sum += Number(entry.value);
    });
    // What moved before comes in a task of its own, well before the second frame.
    observer.observe({ type: 'layout-shift', buffered: true });
    for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
    return sum;
  });

export async function type(page: Page, name: string, value: string): Promise<void> {
  await field(page, name).fill(value);
  await field(page, name).press('Enter');
}
