import { readFile } from 'node:fs/promises';
import { afterEach, expect, it } from 'vitest';
import { type PlainHost, plainHost } from '../plainHost';
import { openPage, settings } from './open';
import { button, click, output, type Page, region, text, untilReady, untilStep, waitFor } from './page';

let host: PlainHost;
afterEach(() => host.close());

/** Each browser once. */
const browsers = settings.filter(
  (one, i) => settings.findIndex(({ browser }) => browser === one.browser) === i,
);

/** A first visit to a folder of a plain host, until the page is kept. */
async function visit(setting: (typeof settings)[number]): Promise<Page> {
  host = await plainHost('dist');
  const page = await openPage(setting, host.url + setting.search);
  await untilReady(page);
  const isKept = () => page.evaluate(() => navigator.serviceWorker.controller !== null);
  await expect.poll(isKept, { timeout: 120_000 }).toBe(true);
  return page;
}

it.each(browsers)('$browser: fetches nothing on a reload, and needs no server any more', async (setting) => {
  const page = await visit(setting);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  host.asked.length = 0;
  await page.reload();
  await untilReady(page);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  // The browser itself looks for a newer worker.
  expect(host.asked.filter((file) => file !== 'sw.js')).toEqual([]);
  await host.close();
  await page.reload();
  await untilReady(page);
  await click(page, button('Step'));
  await untilStep(page, 1);
  await click(page, button('IFAlign'));
  await waitFor(page, `${region('Inspect')}//figure`);
});

it.each(browsers)('$browser: says that a new version has come, and the run goes on', async (setting) => {
  const page = await visit(setting);
  await click(page, button('Play'));
  await untilStep(page, 2);
  const worker = await readFile('dist/sw.js', 'utf8');
  host.replaced.set('sw.js', worker.replace(/"index\.html":"\w+"/, '"index.html":"other"'));
  await page.evaluate(() => void navigator.serviceWorker.getRegistration().then((one) => one?.update()));
  await waitFor(page, text('A new version of clip-distillery has arrived'));
  await untilStep(page, (await output(page, 'step')) + 2);
});
