import { afterEach } from 'vitest';
import { pathOf } from '../../tools/installed';
import type { Page } from './page';
import { openChromium, openFirefox } from './puppeteer';
import { openWebKit } from './webkit';

/** A browser as it is tested: what starts it, and what its engine is asked for. */
interface Setting {
  browser: string;
  name: string;
  search: '' | '?backend=wasm';
  open: () => Promise<Page>;
}

const chromium = () => openChromium(process.env.CHROME_PATH ?? '');
const firefox = (vulkan?: string) => openFirefox(pathOf('Firefox'), vulkan);
const webkit = () => openWebKit(pathOf('WebKitGTK’s driver'));

const ALL: Setting[] = [
  { browser: 'chromium', name: 'Chromium, WebAssembly', search: '?backend=wasm', open: chromium },
  { browser: 'chromium', name: 'Chromium, WebGPU', search: '', open: chromium },
  { browser: 'firefox', name: 'Firefox, WebAssembly', search: '', open: firefox },
  {
    browser: 'firefox',
    name: 'Firefox, WebGPU',
    search: '',
    open: () => firefox(pathOf('the Vulkan driver lavapipe')),
  },
  { browser: 'webkit', name: 'WebKitGTK, WebAssembly', search: '', open: webkit },
];

const wanted = process.env.BROWSERS?.split(',');

/** The settings of the browsers that this run is of. */
export const settings = ALL.filter(({ browser }) => wanted?.includes(browser) ?? true);

const opened: Page[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((page) => page.close()));
});

/** A page of a fresh profile, until the test ends. */
export async function openPage({ open }: Setting, url: string): Promise<Page> {
  const page = await open();
  opened.push(page);
  await page.open(url);
  return page;
}
