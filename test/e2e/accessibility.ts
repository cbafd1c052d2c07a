import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { settled } from './controls';

declare global {
  interface Window {
    axe: typeof axe;
  }
}

/** WCAG 2.2 at level AA, and what axe holds for good practice. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * What axe finds wrong with the page, or with the modal dialog that covers it, once it has come to rest, in both themes:
 * the rule, the element, and why.
 */
export async function violations(page: Page): Promise<string[]> {
  const found = await check(page, { type: 'tag', values: TAGS });
  // Of all rules one alone looks at colours.
  const isDark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  await page.emulateMedia({ colorScheme: isDark ? 'light' : 'dark' });
  const otherwise = await check(page, { type: 'rule', values: ['color-contrast'] });
  await page.emulateMedia({ colorScheme: isDark ? 'dark' : 'light' });
  return [...new Set([...found, ...otherwise])];
}

async function check(page: Page, runOnly: axe.RunOnly): Promise<string[]> {
  await settled(page);
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const results = await page.evaluate((runOnly) => {
    const shown = document.querySelector('[aria-modal]') ?? document;
    return window.axe.run(shown, { runOnly, preload: false, resultTypes: ['violations'] });
  }, runOnly);
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(
      (node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary?.split('\n').at(-1)?.trim()}`,
    ),
  );
}
