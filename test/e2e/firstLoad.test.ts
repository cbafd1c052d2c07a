import { gzipSync } from 'node:zlib';
import type { Response } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { useBrowser } from './setup';

const browser = useBrowser();

const isFont = (response: Response) => response.url().endsWith('.woff2');

it('loads less than 250 kB, compressed, before the engine, fonts with it, and of the demo’s pictures the default ones', async () => {
  const page = await browser.open('about:blank');
  const responses: Response[] = [];
  page.on('response', (response) => responses.push(response));
  const engine = page.waitForResponse(/engine\.worker-/);
  await page.goto(`${inject('pageUrl')}?backend=wasm`);
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  const first = responses.indexOf(await engine);
  await page.waitForLoadState('load');
  const counted = responses.filter((response, i) => i < first || isFont(response));
  expect(counted.filter(isFont).length).toBe(1);
  const sizes = await Promise.all(
    counted.map(async (response) => [response.url(), gzipSync(await response.body()).length] as const),
  );
  expect(sizes.some(([url]) => /index-.*\.js$/.test(url))).toBe(true);
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  expect(total, JSON.stringify(sizes)).toBeLessThan(250_000);
  await page.getByText('after step 0').waitFor({ timeout: 120_000 });
  const pictures = responses.filter((response) => response.url().includes('/demo/images/'));
  expect(new Set(pictures.map((response) => response.url().split('/').at(-1)))).toEqual(
    new Set(['default.zip']),
  );
  expect((await pictures[0].body()).length).toBeLessThan(500_000);
});
