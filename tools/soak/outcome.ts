import type { Page } from 'playwright-core';
import { checkpointsOf, curvesOf, untilStep } from '../../test/e2e/surviving';
import { PATIENCE_MS } from './visit';

/** What a run came to: its curves but for their speed, and a hash of its student's weights, as JSON. */
export async function outcomeOf(page: Page, steps: number): Promise<string> {
  await untilStep(page, steps);
  const end = Date.now() + PATIENCE_MS;
  const isKept = async () => (await checkpointsOf(page)).some((name) => name.includes(`step-${steps}-`));
  while (!(await isKept()) || (await curvesOf(page)).step.length < steps) {
    if (Date.now() > end) throw new Error(`The run of ${steps} steps is over, but not kept.`);
    await page.waitForTimeout(200);
  }
  return JSON.stringify({ curves: await curvesOf(page), weights: await weightsOf(page, steps) });
}

/** SHA-256 of the tensors of the checkpoint after this step, without what it says of itself. */
const weightsOf = (page: Page, step: number): Promise<number[]> =>
  page.evaluate(async (step) => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('clip-distillery-runs');
    for await (const [name, handle] of folder.entries()) {
      if (!name.includes(`step-${step}-`) || !(handle instanceof FileSystemFileHandle)) continue;
      const bytes = await (await handle.getFile()).arrayBuffer();
      const start = 8 + Number(new DataView(bytes).getBigUint64(0, true));
      return [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes.slice(start)))];
    }
    return [];
  }, step);

/** The latest checkpoint that is whole: its step, its bytes, and when it was stored, in milliseconds since 1970. */
export const latestOf = (page: Page): Promise<{ step: number; bytes: number; at: number }> =>
  page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('clip-distillery-runs', { create: true });
    let latest = { step: 0, bytes: 0, at: 0 };
    for await (const [name, handle] of folder.entries()) {
      const step = Number(/step-(\d+)-\w+\.safetensors$/.exec(name)?.[1] ?? 0);
      if (step <= latest.step || !(handle instanceof FileSystemFileHandle)) continue;
      const file = await handle.getFile();
      latest = { step, bytes: file.size, at: file.lastModified };
    }
    return latest;
  });

/** How long the engine of the moment took to store a checkpoint last, in milliseconds; undefined where it hasn't yet. */
export async function storingOf(page: Page): Promise<number | undefined> {
  const engine = page.workers().findLast((worker) => /engine\.worker/.test(worker.url()));
  return engine?.evaluate(() => performance.getEntriesByName('storing')[0]?.duration);
}
