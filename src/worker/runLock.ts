/**
 * A worker that has just been ended may hold its run a moment longer; one that hangs is ended by force, in Chromium after
 * two seconds, on a busy machine later.
 */
const PATIENCE_MS = 10_000;

let held = '';
let release: () => void = () => {};

const lockOf = (id: string): string => `clip-distillery run ${id}`;

/** Holds a run for this tab until it holds another, or ends. False where another tab has it. */
export async function holdRun(id: string): Promise<boolean> {
  // Pages that come without encryption have none.
  const locks = globalThis.navigator?.locks;
  if (!locks || id === held) return true;
  release();
  held = '';
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const holding = locks.request(lockOf(id), { signal }, () => {
      held = id;
      resolve(true);
      return new Promise<void>((end) => {
        release = end;
      });
    });
    holding.catch(() => resolve(false));
  });
}

/** Whether another tab has this run. */
export async function isElsewhere(id: string): Promise<boolean> {
  if (id === held) return false;
  const all = await globalThis.navigator?.locks?.query();
  return (all?.held ?? []).some(({ name }) => name === lockOf(id));
}

/**
 * Hears when no tab has this run any more.
 *
 * @returns what ends that
 */
export function hearFree(id: string, onFree: () => void): () => void {
  const waiting = new AbortController();
  navigator.locks.request(lockOf(id), { signal: waiting.signal }, onFree).catch(() => {});
  return () => waiting.abort();
}
