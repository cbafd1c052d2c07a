import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { expect } from 'vitest';

/** A page in any browser: what all drivers can do. Elements are named by XPath, see below. */
export interface Page {
  /** The browser's name and version. */
  browser: string;
  /** The folder that it downloads to. */
  downloads: string;
  open(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Runs a function in the page. */
  evaluate<Result>(work: (...args: string[]) => Result | Promise<Result>, ...args: string[]): Promise<Result>;
  click(xpath: string): Promise<void>;
  /** Types into the field that has the focus, and presses Enter. */
  type(xpath: string, text: string): Promise<void>;
  /** Chooses files for an input. */
  choose(xpath: string, paths: string[]): Promise<void>;
  /** Ends the browser. */
  close(): Promise<void>;
}

export const button = (name: string) =>
  `//*[self::button or @role="button"][@aria-label="${name}" or normalize-space(.)="${name}"]`;
export const labelled = (name: string) => `//*[@aria-label="${name}"]`;
export const region = (name: string) => `//section[@aria-label="${name}"]`;
/** The innermost element whose text has this part. */
export const text = (part: string) => {
  const has = `contains(normalize-space(.), "${part}")`;
  return `//*[${has} and not(*[${has}])]`;
};

/** Waits for an element that people see. */
export async function waitFor(page: Page, xpath: string, timeout = 60_000): Promise<void> {
  const isSeen = () =>
    page.evaluate((xpath) => {
      const found = document.evaluate(
        xpath,
        document,
        null,
        XPathResult.FIRST_ORDERED_NODE_TYPE,
      ).singleNodeValue;
      return found instanceof HTMLElement && found.checkVisibility();
    }, xpath);
  await expect.poll(isSeen, { timeout, message: `seen: ${xpath}` }).toBe(true);
}

export async function click(page: Page, xpath: string): Promise<void> {
  await waitFor(page, xpath);
  await page.click(xpath);
}

/** Replaces what is in a field, and presses Enter. */
export async function fill(page: Page, xpath: string, text: string): Promise<void> {
  await waitFor(page, xpath);
  await page.evaluate((xpath) => {
    const found = document.evaluate(
      xpath,
      document,
      null,
      XPathResult.FIRST_ORDERED_NODE_TYPE,
    ).singleNodeValue;
    if (!(found instanceof HTMLInputElement)) return;
    found.focus();
    found.select();
  }, xpath);
  await page.type(xpath, text);
}

/** The text of an element, or the value of a field; '' where there is none. */
export const read = (page: Page, xpath: string): Promise<string> =>
  page.evaluate((xpath) => {
    const found = document.evaluate(
      xpath,
      document,
      null,
      XPathResult.FIRST_ORDERED_NODE_TYPE,
    ).singleNodeValue;
    return found instanceof HTMLInputElement ? found.value : (found?.textContent ?? '');
  }, xpath);

/** The number in the live output of this name. */
export const output = async (page: Page, name: string): Promise<number> =>
  Number.parseFloat((await read(page, `//output[@aria-label="${name}"]`)).replace(/[^0-9.eE+-]/g, ''));

/** Waits until the run has taken so many steps. */
export const untilStep = (page: Page, step: number): Promise<void> =>
  expect
    .poll(() => output(page, 'step'), { timeout: 180_000, message: `step ${step}` })
    .toBeGreaterThanOrEqual(step);

/** Waits until data and models are loaded and evaluated. */
export const untilReady = (page: Page): Promise<void> => waitFor(page, text('after step 0'), 120_000);

/** The files in the zip that the page has the browser save. */
export async function savedZip(page: Page): Promise<Record<string, Uint8Array>> {
  let files: Record<string, Uint8Array> = {};
  const arrive = async () => {
    const [zip] = (await readdir(page.downloads)).filter((name) => name.endsWith('.zip'));
    files = unzipSync(await readFile(join(page.downloads, zip)));
  };
  // The file may have its name before it is whole.
  await expect.poll(() => arrive().then(() => '', String), { timeout: 60_000 }).toBe('');
  return files;
}
