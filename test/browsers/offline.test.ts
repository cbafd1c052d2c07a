import { readdir, readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type HubServer, startHubServer } from '../hubServer';
import { type PlainHost, plainHost } from '../plainHost';
import { openPage, settings } from './open';
import {
  button,
  click,
  fill,
  labelled,
  output,
  type Page,
  region,
  text,
  untilReady,
  untilStep,
  waitFor,
} from './page';

const TEACHER = 'test/fixtures/reference/teacher';
const ID = 'acme/tiny-clip';

let host: PlainHost;
let hub: HubServer;
beforeEach(async () => {
  hub = await startHubServer();
});
afterEach(() => Promise.all([host.close(), hub.close()]));

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

/** Loads the teacher from the hub, which has it, or from where it was kept. */
async function loadTeacher(page: Page): Promise<void> {
  await click(page, button('Change'));
  await click(page, text('Private models or a mirror'));
  await fill(page, '//label[contains(., "Mirror of the hub")]/input', hub.address);
  await fill(page, labelled('Web address or hub id of the teacher'), ID);
  await click(page, `${button('Load as teacher')}[not(@disabled)]`);
  await waitFor(page, `${region('Models')}${text('ViT 48/8')}`);
  await untilReady(page);
}

it.each(browsers)('$browser: fetches nothing on a reload, and needs no server any more', async (setting) => {
  const names = await readdir(TEACHER);
  const files = names.map(async (name) => [name, await readFile(`${TEACHER}/${name}`)] as const);
  hub.repositories.set(ID, { files: new Map(await Promise.all(files)) });
  const page = await visit(setting);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await loadTeacher(page);
  host.asked.length = 0;
  await page.reload();
  await untilReady(page);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  // The browser itself looks for a newer worker.
  expect(host.asked.filter((file) => file !== 'sw.js')).toEqual([]);
  await Promise.all([host.close(), hub.close()]);
  await page.reload();
  await untilReady(page);
  await click(page, button('Step'));
  await untilStep(page, 1);
  await click(page, button('IFAlign'));
  await waitFor(page, `${region('Inspect')}//figure`);
  await loadTeacher(page);
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
