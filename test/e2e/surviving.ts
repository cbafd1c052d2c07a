import type { Page } from 'playwright-core';
import { demoRun } from '../../src/run/demo';
import { encodeRun } from '../../src/run/link';
import { runSchema } from '../../src/run/schema';

/** The fragment of a link to the demo's run of so many steps, of small batches. */
export const linkOf = (steps: number, train: Record<string, unknown> = {}): string =>
  encodeRun(runSchema.parse({ ...demoRun, train: { ...demoRun.train, batchSize: 8, steps, ...train } }));

export const untilStep = (page: Page, step: number) =>
  page.waitForFunction(
    (step) => Number(document.querySelector('output')?.textContent?.replace(',', '')) >= step,
    step,
    { timeout: 180_000 },
  );

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
