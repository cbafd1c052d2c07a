import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { type PlainHost, plainHost } from '../plainHost';
import { outputNumber, useBrowser } from './setup';

const browser = useBrowser();

let host: PlainHost;
afterEach(() => host.close());

const started = (page: Page) => page.getByText('after step 0').waitFor({ timeout: 120_000 });

/** A first visit to a plain host, until the page is kept. */
async function visit(): Promise<Page> {
  host = await plainHost('dist');
  const page = await browser.open(`${host.url}?backend=wasm`, { isKept: true });
  await started(page);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await page.getByText('WebAssembly, 1 thread', { exact: true }).waitFor();
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  return page;
}

it('is isolated from the second visit on, fetches nothing again, and opens and trains without the server', async () => {
  const page = await visit();
  host.asked.length = 0;
  await page.reload();
  await started(page);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  // The browser itself looks for a newer worker.
  expect(host.asked.filter((file) => file !== 'sw.js')).toEqual([]);
  await host.close();
  await page.reload();
  await started(page);
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect.poll(() => outputNumber(page, 'step')).toBe(1);
  // Parts of the page that come when they are first wanted.
  await page.getByRole('button', { name: 'IFAlign', exact: true }).click();
  await page.getByRole('region', { name: 'Inspect' }).getByRole('figure').first().waitFor();
});

it('says that a new version has come, and goes on with the run and the version of before', async () => {
  const page = await visit();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect.poll(() => outputNumber(page, 'step'), { timeout: 60_000 }).toBeGreaterThan(2);
  const index = await readFile('dist/index.html', 'utf8');
  const worker = await readFile('dist/sw.js', 'utf8');
  host.replaced.set('index.html', index.replace('<title>', '<title>New '));
  host.replaced.set('sw.js', worker.replace(/"index\.html":"\w+"/, '"index.html":"other"'));
  host.asked.length = 0;
  await page.evaluate(async () => {
    await (await navigator.serviceWorker.ready).update();
  });
  await page.getByText('A new version of clip-distillery has arrived').waitFor();
  // The browser may look for a newer worker once more by itself.
  expect(host.asked.filter((file, i) => i === 0 || file !== 'sw.js')).toEqual(['sw.js', 'index.html']);
  const then = await outputNumber(page, 'step');
  await expect.poll(() => outputNumber(page, 'step'), { timeout: 60_000 }).toBeGreaterThan(then);
  await page.reload();
  expect(await page.title()).toBe('clip-distillery');
  // The new one comes once no tab shows the one before.
  const context = page.context();
  const next = await context.newPage();
  await page.close();
  await expect
    .poll(
      async () => {
        await next.goto('about:blank');
        await next.goto(host.url);
        return next.title();
      },
      { timeout: 30_000 },
    )
    .toBe('New clip-distillery');
});
