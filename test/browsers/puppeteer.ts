import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type ElementHandle, type LaunchOptions } from 'puppeteer-core';
import { CHROMIUM_ARGUMENTS } from '../chromiumArguments';
import type { Page } from './page';

/** Chromium, with a fresh profile. */
export const openChromium = (executablePath: string): Promise<Page> =>
  launch((downloadPath) => ({
    executablePath,
    args: CHROMIUM_ARGUMENTS,
    downloadBehavior: { policy: 'allow', downloadPath },
  }));

/**
 * Firefox by WebDriver BiDi, with a fresh profile.
 *
 * @param vulkan the description of the driver that its WebGPU is to run on; without one it has no WebGPU
 */
export const openFirefox = (executablePath: string, vulkan?: string): Promise<Page> =>
  launch((downloads) => ({
    browser: 'firefox',
    executablePath,
    env: { ...process.env, ...(vulkan && { VK_ICD_FILENAMES: vulkan }) },
    extraPrefsFirefox: {
      'browser.download.dir': downloads,
      'browser.download.folderList': 2,
      'dom.webgpu.enabled': vulkan !== undefined,
      'gfx.webgpu.ignore-blocklist': true,
    },
  }));

async function launch(optionsFor: (downloads: string) => LaunchOptions): Promise<Page> {
  const downloads = await mkdtemp(join(tmpdir(), 'downloads-'));
  const browser = await puppeteer.launch({
    ...optionsFor(downloads),
    defaultViewport: { width: 1440, height: 900 },
    // Watching every request slows the page.
    networkEnabled: false,
  });
  const [page] = await browser.pages();
  const find = async (xpath: string): Promise<ElementHandle<Element>> => {
    const found = await page.$(`xpath/${xpath}`);
    if (!found) throw new Error(`The page has no ${xpath}.`);
    return found as ElementHandle<Element>;
  };
  return {
    browser: await browser.version(),
    downloads,
    open: async (url) => void (await page.goto(url)),
    reload: async () => void (await page.reload()),
    evaluate: async (work, ...args) => page.evaluate(work, ...args),
    click: async (xpath) => (await find(xpath)).click(),
    type: async (_, text) => {
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    },
    choose: async (xpath, paths) => {
      const input = await find(xpath);
      await (input as ElementHandle<HTMLInputElement>).uploadFile(...paths);
    },
    close: async () => {
      await browser.close();
      await rm(downloads, { recursive: true });
    },
  };
}
