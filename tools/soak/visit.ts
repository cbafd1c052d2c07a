import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { build, preview } from 'vite';
import { CHROMIUM_ARGUMENTS } from '../../test/chromiumArguments';
import { reachEngine } from '../../test/e2e/surviving';
import { obtainBrowser } from '../browser';

/** A busy machine may be slow, and is not wrong. */
export const PATIENCE_MS = 180_000;

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Says yes where the page asks, after the engine has ended again and again. */
export async function goOnWhereAsked(page: Page): Promise<boolean> {
  const asked = button(page, 'Go on').and(page.getByRole('alert').getByRole('button'));
  const isAsked = await asked.isVisible();
  if (isAsked) await asked.click();
  return isAsked;
}

/** The page as `npm start` builds and serves it, in a folder that other builds leave alone meanwhile. */
export async function servePage(): Promise<{ address: string; close(): Promise<void> }> {
  const served = { outDir: 'test/output/soak', emptyOutDir: true };
  await build({ logLevel: 'warn', build: served });
  const server = await preview({ logLevel: 'warn', preview: { port: 0 }, build: served });
  return { address: server.resolvedUrls?.local[0] ?? '', close: () => server.close() };
}

/** Chromium with a profile that outlives it, as a person's does. */
export class Profile {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'soak-profile-'));
  private context?: BrowserContext;
  private processId?: number;

  constructor(private readonly more: readonly string[] = []) {}

  /** A page whose engine is within reach, in a browser that is begun where none runs. */
  async open(address: string): Promise<Page> {
    this.context ??= await this.begin();
    const page = await this.context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await reachEngine(page);
    await page.goto(address);
    return page;
  }

  private async begin(): Promise<BrowserContext> {
    const context = await chromium.launchPersistentContext(this.folder, {
      executablePath: obtainBrowser(),
      args: [...CHROMIUM_ARGUMENTS, ...this.more],
      viewport: { width: 1440, height: 900 },
      serviceWorkers: 'block',
      reducedMotion: 'reduce',
    });
    const session = await context.browser()?.newBrowserCDPSession();
    const info = await session?.send('SystemInfo.getProcessInfo');
    this.processId = info?.processInfo.find(({ type }) => type === 'browser')?.id;
    return context;
  }

  /** Ends the browser's process at once, by a signal that it does not hear of. */
  async kill(): Promise<void> {
    const { context, processId } = this;
    if (!context || processId === undefined) throw new Error('There is no browser to kill.');
    const closed = context.waitForEvent('close', { timeout: PATIENCE_MS });
    process.kill(processId, 'SIGKILL');
    await closed;
    this.context = undefined;
  }

  /** Closes the browser, and forgets what it kept. */
  async remove(): Promise<void> {
    await this.context?.close();
    this.context = undefined;
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
