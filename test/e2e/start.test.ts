import type { Page } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { useBrowser } from './setup';

const browser = useBrowser();
const pageUrl = inject('pageUrl');

/** A page whose engine's worker runs `breakIt` first. */
async function openWith(breakIt: () => void, search = ''): Promise<Page> {
  const page = await browser.open('about:blank');
  await page.route(/engine\.worker-.*\.js/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `(${breakIt})();${await response.text()}` });
  });
  await page.goto(pageUrl + search);
  return page;
}

it('goes on with WebAssembly, by all threads, where the graphics processor can’t be started', async () => {
  const page = await openWith(() => {
    GPUAdapter.prototype.requestDevice = () => Promise.reject(new DOMException('E_FAIL', 'OperationError'));
  });
  await page.getByText('after step 0').waitFor({ timeout: 120_000 });
  const threads = await page.evaluate(() => navigator.hardwareConcurrency);
  await page.getByText(`WebAssembly, ${threads} thread`).waitFor();
  await page.getByRole('button', { name: 'Why not WebGPU?' }).click();
  await page.getByRole('dialog').getByText('could not be started').waitFor();
  expect(await page.getByText('E_FAIL').count()).toBe(0);
});

it('says so where the engine’s worker never begins', async () => {
  const page = await browser.open('about:blank');
  await page.addInitScript(() => {
    window.Worker = class extends EventTarget {
      constructor() {
        super();
        setTimeout(() => this.dispatchEvent(new Event('error')));
      }
      postMessage() {}
      terminate() {}
    } as unknown as typeof Worker;
  });
  await page.goto(pageUrl);
  await page.getByRole('alert').getByText('The engine could not be started').waitFor();
  await page.getByText('not started', { exact: true }).waitFor();
});

it('is not taken for ended where the browser is slow to give its worker the lock', async () => {
  const page = await openWith(() => {
    const { request } = LockManager.prototype;
    LockManager.prototype.request = async function (...given: unknown[]) {
      await new Promise((resolve) => setTimeout(resolve, 3000));
      return Reflect.apply(request, this, given);
    };
  }, '?backend=wasm');
  await page.getByText('after step 0').waitFor({ timeout: 120_000 });
  expect(await page.locator('.notice').allInnerTexts()).toEqual([]);
});

it('decodes images itself, and says so, where the threads for it can’t begin', async () => {
  const page = await openWith(() => {
    self.Worker = class extends Worker {
      constructor(url: URL | string, options?: WorkerOptions) {
        super(url, options);
        if (!/decodeWorker/.test(String(url))) return;
        this.terminate();
        setTimeout(() => this.dispatchEvent(new Event('error')));
      }
    };
  }, '?backend=wasm');
  await page.getByText('after step 0').waitFor({ timeout: 120_000 });
  await page.getByRole('alert').getByText('Threads that decode images could not be started').waitFor();
});

it('draws its charts where the machine’s language is none', async () => {
  const page = await browser.open('about:blank');
  await page.addInitScript(() =>
    Object.defineProperty(Navigator.prototype, 'language', { get: () => 'C', configurable: true }),
  );
  await page.goto(inject('fakeUrl'));
  await page.locator('.uplot canvas').first().waitFor();
});

it('answers 304 with the headers of isolation too, without which WebKit blocks the worker', async () => {
  const first = await fetch(pageUrl);
  const etag = first.headers.get('etag') ?? '';
  const again = await fetch(pageUrl, { headers: { 'if-none-match': etag } });
  expect(again.status).toBe(304);
  for (const { headers } of [first, again]) {
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
  }
});
