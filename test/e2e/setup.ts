import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { CHROMIUM_ARGUMENTS } from '../chromiumArguments';

/** A busy machine may be slow, and is not wrong. */
const PATIENCE_MS = 60_000;

/**
 * The two pages that Chromium makes ahead in every window for what drops down from its address field: they took more than
 * a third of what it takes to open ours. Naming them replaces Playwright's own list, whose entries follow.
 */
const WITHOUT = [
  ...['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'],
  ...['AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'PaintHolding', 'LensOverlay'],
  ...['HttpsUpgrades', 'HttpsFirstBalancedModeAutoEnable', 'MediaRouter', 'ThirdPartyStoragePartitioning'],
  ...['AvoidCorsURLLoaderRestartOnRedirect', 'OptimizationHints', 'NetworkTimeServiceQuerying', 'AimEnabled'],
  'PreconnectToSearch',
];

interface OpenOptions {
  width?: number;
  height?: number;
  dark?: boolean;
  /** Whether the page's animations run: each costs a third more of the processor. */
  isMoving?: boolean;
  /** Whether a service worker may keep the page: it fetches all of it once more. */
  isKept?: boolean;
}

export interface TestBrowser {
  /** A fresh page of a fresh profile. A page error, a console error or a request to another host fails the test. */
  open(url: string, options?: OpenOptions): Promise<Page>;
}

/** One browser for the tests of a file, with these further arguments. */
export function useBrowser(more: readonly string[] = []): TestBrowser {
  let browser: Browser;
  let errors: string[] = [];
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
      args: [...CHROMIUM_ARGUMENTS, `--disable-features=${WITHOUT}`, ...more],
    });
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    const seen = errors;
    errors = [];
    expect(seen, 'errors on the page').toEqual([]);
  });
  return {
    async open(url, { width = 1440, height = 900, dark = false, isMoving = false, isKept = false } = {}) {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: dark ? 'dark' : 'light',
        reducedMotion: isMoving ? 'no-preference' : 'reduce',
        serviceWorkers: isKept ? 'allow' : 'block',
      });
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      page.on('request', (request) => {
        const { protocol, hostname } = new URL(request.url());
        if (protocol.startsWith('http') && hostname !== 'localhost') errors.push(`asked ${hostname}`);
      });
      await page.goto(url);
      return page;
    },
  };
}

/** The number in the live output of this name. */
export async function outputNumber(page: Page, name: string): Promise<number> {
  const text = await page.getByLabel(name, { exact: true }).textContent();
  return Number.parseFloat((text ?? '').replace(/[^0-9.eE+-]/g, ''));
}
