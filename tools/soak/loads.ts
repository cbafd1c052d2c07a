import type { Page } from 'playwright-core';
import type { MemoryUse } from '../../src/device/memory';
import { linkOf, stepOf } from '../../test/e2e/surviving';
import { flatness, type Sample } from './flat';
import type { Row } from './row';
import { button, Profile } from './visit';

/** What code is compiled and cached by then does not count. */
const WARM_UP = 20;
/** Bytes a load: a thousandth of what a page holds. */
const MOST_SLOPE = 20_000;

/** Loads a run with other settings, or resets it, after a step of each, in one page: heap, live tensors and bytes must be flat. */
export async function soakLoads(address: string, loads: number, until: number): Promise<Row> {
  // Without this the browser measures when it next collects garbage, in half a minute or so.
  const profile = new Profile(['--enable-blink-features=ForceEagerMeasureMemory']);
  const page = await profile.open(`${address}?backend=wasm${linkOf(400)}`);
  const length = page.getByRole('textbox', { name: 'Length in steps, typed' });
  const row: Row = { what: '', done: 0, lost: [] };
  const samples: Sample[] = [];
  while (row.done < loads && Date.now() < until) {
    await takeStep(page);
    if (row.done % 2 === 0) {
      // What waits for a restart is loaded by it.
      await length.fill(`${401 + row.done}`);
      await length.press('Enter');
      await page.waitForTimeout(500);
    }
    await button(page, 'Reset').click();
    // The page asks first.
    await button(page, 'Start again').click();
    row.done++;
    if (row.done > WARM_UP) samples.push({ at: row.done, ...(await memoryOf(page)) });
  }
  await profile.remove();
  const { words, lost } = flatness(samples, MOST_SLOPE);
  return { ...row, what: `loads and resets in one page; each adds ${words}`, lost };
}

/** As soon as there is something to step. */
async function takeStep(page: Page): Promise<void> {
  while ((await stepOf(page)) < 1) {
    await button(page, 'Step').click();
    await page.waitForTimeout(300);
  }
}

/** The heaps of the page and its workers, and what the engine tells of its tensors. */
const memoryOf = (page: Page): Promise<Omit<Sample, 'at'>> =>
  page.evaluate(async () => {
    const { bytes: heap } = await performance.measureUserAgentSpecificMemory();
    const answer = await new Promise<MemoryUse>((resolve) => {
      window.engineWorker.addEventListener('message', ({ data }) => {
        if (data.id === 'soak') resolve(data.value);
      });
      // As Comlink asks for it.
      window.engineWorker.postMessage({ id: 'soak', type: 'APPLY', path: ['memory'], argumentList: [] });
    });
    return { heap, tensors: answer.tensors, bytes: answer.bytes };
  });

declare global {
  interface Performance {
    measureUserAgentSpecificMemory(): Promise<{ bytes: number }>;
  }
}
