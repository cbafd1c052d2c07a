import type { Page } from 'playwright-core';
import type { MemoryUse } from '../../src/device/memory';
import { MOST_RUNS } from '../../src/page/runs/kept';
import { linkOf, stepOf } from '../../test/e2e/surviving';
import { flatness, type Sample } from './flat';
import { Heap } from './heap';
import { INTERPRETED } from './interpreted';
import type { Row } from './row';
import { button, Profile } from './visit';

/** What code is compiled and cached by then does not count. */
const WARM_UP = 20;
/** Bytes a load: less than a run in the list. Settings that can be taken back are kept of the last 200 edits. */
const MOST_SLOPE = 2000;

/**
 * Loads a run with other settings, or resets it, after a step of each, in one page whose list of runs is full: heap, live
 * tensors and bytes must be flat.
 */
export async function soakLoads(address: string, loads: number, until: number): Promise<Row> {
  // What the page began with is thrown away later, which would hide what grows.
  const flags = [...INTERPRETED, '--no-flush-bytecode'];
  const profile = new Profile([`--js-flags=${flags.join(' ')}`]);
  const page = await profile.open(`${address}?backend=wasm${linkOf(400)}`);
  await fillRuns(page);
  const heap = await Heap.of(page);
  const length = page.getByRole('textbox', { name: 'Length in steps, typed' });
  const row: Row = { what: '', done: 0, lost: [] };
  const samples: Sample[] = [];
  while (row.done < loads && Date.now() < until) {
    await takeStep(page);
    if (row.done >= WARM_UP)
      samples.push({ at: row.done, heap: await heap.used(), ...(await memoryOf(page)) });
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
  }
  await profile.remove();
  const { words, lost } = flatness(samples, MOST_SLOPE);
  return { ...row, what: `loads and resets in one page; each adds ${words}`, lost };
}

/** Opens the page again with as many runs as it keeps, copies of one after a step. */
async function fillRuns(page: Page): Promise<void> {
  await takeStep(page);
  // It is stored a moment after it is shown.
  while (!(await copyRun(page))) await page.waitForTimeout(100);
  await page.reload();
}

/** Whether there was a run to copy. */
const copyRun = (page: Page): Promise<boolean> =>
  page.evaluate(async (most) => {
    const opening = indexedDB.open('runs');
    await new Promise((resolve) => opening.addEventListener('success', resolve));
    const runs = opening.result.transaction('runs', 'readwrite').objectStore('runs');
    const reading = runs.getAll();
    await new Promise((resolve) => reading.addEventListener('success', resolve));
    const [run] = reading.result;
    for (let id = 1; run && id <= most; id++) runs.put({ ...run, id: `${id}`, startedAt: id }, `${id}`);
    await new Promise((resolve) => runs.transaction.addEventListener('complete', resolve));
    opening.result.close();
    return run !== undefined;
  }, MOST_RUNS);

/** As soon as there is something to step. */
async function takeStep(page: Page): Promise<void> {
  while ((await stepOf(page)) < 1) {
    await button(page, 'Step').click();
    await page.waitForTimeout(300);
  }
}

/** What the engine tells of its tensors. */
const memoryOf = (page: Page): Promise<Pick<Sample, 'tensors' | 'bytes'>> =>
  page.evaluate(async () => {
    const heard = new AbortController();
    const answer = await new Promise<MemoryUse>((resolve) => {
      const { signal } = heard;
      window.engineWorker.addEventListener(
        'message',
        ({ data }) => data.id === 'soak' && resolve(data.value),
        { signal },
      );
      // As Comlink asks for it.
      window.engineWorker.postMessage({ id: 'soak', type: 'APPLY', path: ['memory'], argumentList: [] });
    });
    heard.abort();
    return { tensors: answer.tensors, bytes: answer.bytes };
  });
