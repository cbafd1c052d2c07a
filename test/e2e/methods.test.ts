import type { Page } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { methodNames, methods } from '../../src/distill/methods/methods';
import { button, region, restart } from './controls';
import { useBrowser } from './setup';

const browser = useBrowser();

const untilStep = (page: Page, step: number) =>
  page.waitForFunction((step) => document.querySelector('output')?.textContent === step, String(step), {
    timeout: 120_000,
  });

it('every method of the menu says what it needs, and trains with its terms by their names', async () => {
  const page = await browser.open(`${inject('pageUrl')}?backend=wasm`);
  await page.getByText('after step 0').waitFor({ timeout: 120_000 });
  const offered = methodNames.filter((method) => !methods[method].hasNoTeacher);
  const menu = page.getByRole('combobox', { name: 'Learns by' });
  expect(await menu.locator('option').allTextContents()).toEqual(
    offered.map((method) => `${methods[method].name}, ${methods[method].needs}`),
  );
  const legend = region(page, 'Results').getByRole('list').first();
  for (const method of offered) {
    if (method !== offered[0]) {
      await menu.selectOption(method);
      await restart(page);
    }
    await untilStep(page, 0);
    await region(page, 'Results')
      .getByText(/ ready$/)
      .waitFor({ timeout: 120_000 });
    await button(page, 'Step').click();
    await untilStep(page, 1);
    const names = Object.values(methods[method].terms).map(({ name }) => name);
    for (const name of ['total', ...names])
      await legend.getByText(new RegExp(`^${name} [0-9.e-]+$`)).waitFor();
    // CLIP's own start, ln(1/0.07), and not the teacher's scale.
    if (method === 'clipkd') await legend.getByText('a 2.659').waitFor();
  }
});
