import type { Page } from 'playwright-core';
import { demoRun } from '../../src/run/demo';
import { encodeRun } from '../../src/run/link';
import { runSchema } from '../../src/run/schema';
import { DEVICE_LOST } from '../../src/worker/signals';

/** The fragment of a link to the demo's run of so many steps, of small batches. */
export const linkOf = (steps: number, train: Record<string, unknown> = {}): string =>
  encodeRun(runSchema.parse({ ...demoRun, train: { ...demoRun.train, batchSize: 8, steps, ...train } }));

export const untilStep = (page: Page, step: number) =>
  page.waitForFunction(
    (step) => Number(document.querySelector('output')?.textContent?.replace(',', '')) >= step,
    step,
    { timeout: 180_000 },
  );

export const stepOf = (page: Page): Promise<number> =>
  page.evaluate(() => Number(document.querySelector('output')?.textContent?.replace(',', '')));

/** What the page's notices say; looked at, so that a test that waits for one tells which ones came instead. */
export const noticesOf = async (page: Page): Promise<string> =>
  (await page.locator('.notice').allInnerTexts()).join('\n');

/** The names of the checkpoints that this profile keeps, without those that are being written. */
export const checkpointsOf = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('clip-distillery-runs', { create: true });
    const names: string[] = [];
    for await (const name of folder.keys()) if (!name.endsWith('.part')) names.push(name);
    return names;
  });

/** The curves of the kept run that has the most steps, but for how fast they came. */
export const curvesOf = (page: Page): Promise<Record<string, number[]>> =>
  page.evaluate(async () => {
    const opening = indexedDB.open('runs');
    await new Promise((resolve) => opening.addEventListener('success', resolve));
    const reading = opening.result.transaction('runs').objectStore('runs').getAll();
    await new Promise((resolve) => reading.addEventListener('success', resolve));
    opening.result.close();
    const runs: { curves: Record<string, Float64Array> }[] = reading.result;
    const [{ curves }] = runs.toSorted((a, b) => b.curves.step.length - a.curves.step.length);
    const { imagesPerSecond, ...figures } = curves;
    return Object.fromEntries(Object.entries(figures).map(([name, values]) => [name, [...values]]));
  });

/** Ends the page's process at once. */
export async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  session.send('Page.crash').catch(() => undefined);
  await crashed;
  await page.close();
}

declare global {
  interface Window {
    /** The worker that was begun last. */
    engineWorker: Worker;
    /** How many devices were lost. */
    losses: number;
  }
}

/** From its next address on, the page's engine can be reached, and is told to destroy its device, or to hang. */
export async function reachEngine(page: Page): Promise<void> {
  await page.addInitScript((lost) => {
    window.losses = 0;
    const Plain = window.Worker;
    window.Worker = class extends Plain {
      constructor(...given: ConstructorParameters<typeof Worker>) {
        super(...given);
        this.addEventListener('message', ({ data }) => {
          if (data === lost) window.losses++;
        });
        Object.assign(window, { engineWorker: this });
      }
    };
  }, DEVICE_LOST);
  await page.route(/engine\.worker-.*\.js/, async (route) => {
    const response = await route.fetch();
    const keepDevice = () => {
      const { requestDevice } = GPUAdapter.prototype;
      GPUAdapter.prototype.requestDevice = async function (...given) {
        const device = await requestDevice.apply(this, given);
        addEventListener('message', ({ data }) => data === 'destroy the device' && device.destroy());
        return device;
      };
    };
    const hangWhenAsked = () =>
      addEventListener('message', ({ data }) => {
        while (data === 'hang');
      });
    const body = `(${keepDevice})();(${hangWhenAsked})();${await response.text()}`;
    await route.fulfill({ response, body });
  });
}
