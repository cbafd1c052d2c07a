import type { Page } from 'playwright-core';

/** The page's controls by what people know them by. */
export const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });
export const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
export const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name });
export const field = (page: Page, name: string) => page.getByRole('textbox', { name: `${name}, typed` });

export const isOn = (page: Page, name: string) =>
  page.getByRole('switch', { name }).getAttribute('aria-checked');

export async function type(page: Page, name: string, value: string): Promise<void> {
  await field(page, name).fill(value);
  await field(page, name).press('Enter');
}
