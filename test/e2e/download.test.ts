import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type HubServer, startHubServer } from '../hubServer';
import type {} from './downloadInBrowser';
import { useBrowser } from './setup';

const ID = 'acme/tiny-clip';
const text = '0123456789'.repeat(20_000);
const files = new Map([
  ['config.json', Buffer.from('{}')],
  ['model.safetensors', Buffer.from(text)],
]);
const browser = useBrowser();
let hub: HubServer;

beforeAll(async () => {
  hub = await startHubServer();
  hub.repositories.set(ID, { files });
});
afterAll(() => hub.close());

const ranges = () =>
  hub.requests.filter(({ path }) => path.startsWith('/content/')).map(({ range }) => range);

it('keeps downloads in the private file system of the page, resumes and deletes them', async () => {
  const url = `${inject('sourceUrl')}test/e2e/download.html`;
  const page = await browser.open(url);
  const ready = () => page.waitForFunction(() => 'downloads' in globalThis);
  const read = () =>
    page.evaluate(([id, address]) => globalThis.downloads.read(id, 'model.safetensors', address), [
      ID,
      hub.address,
    ] as const);
  await ready();

  hub.faults.set('model.safetensors', [
    { kind: 'ends early', after: 70_000 },
    { kind: 'slow', ms: 60_000 },
  ]);
  const cancelled = read().catch((error: Error) => error.message);
  await expect.poll(ranges, { timeout: 30_000 }).toEqual(['bytes=0-', 'bytes=70000-']);
  await page.evaluate(() => globalThis.downloads.cancel());
  expect(await cancelled).toContain('cancelled');
  expect(await page.evaluate(() => globalThis.downloads.stored())).toMatchObject([
    { place: ID, complete: false },
  ]);

  await page.reload();
  await ready();
  expect(await read()).toBe(text);
  expect(ranges().at(-1)).toMatch(/^bytes=7000[01]-$/);
  const asked = ranges().length;
  expect(await read()).toBe(text);
  expect(ranges()).toHaveLength(asked);

  expect(await page.evaluate(() => globalThis.downloads.stored())).toMatchObject([
    { place: ID, complete: true },
  ]);
  await page.evaluate(() => globalThis.downloads.deleteAll());
  expect(await page.evaluate(() => globalThis.downloads.names())).toEqual([]);
});
