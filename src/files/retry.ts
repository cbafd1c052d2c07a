import type { OnProgress } from './folder';

/** The waits between tries double from the first. */
const FIRST_WAIT_MS = 1000;
const TRIES = 5;
/** A server that asks for a longer wait is not waited for. */
const LONGEST_WAIT_MS = 120_000;

export interface RetryOptions {
  onProgress?: OnProgress;
  /** Stops it; what was downloaded is kept. */
  signal?: AbortSignal;
  /** 1 s unless told. */
  firstWaitMs?: number;
}

/** Something that may well go better the next time. */
export class Interruption extends Error {
  constructor(
    /** What to throw when enough was tried. */
    readonly reason: Error,
    /** How long the server asks to wait. */
    readonly waitMs?: number,
  ) {
    super(reason.message);
  }
}

/**
 * Tries until it works. `headway` tells how far it is; a try that got further than all before does not count.
 *
 * @throws the interruption's reason after five tries in a row without headway; any other error at once
 */
export async function withRetries<Result>(
  attempt: () => Promise<Result>,
  { onProgress, signal, firstWaitMs = FIRST_WAIT_MS }: RetryOptions,
  headway: () => number = () => 0,
): Promise<Result> {
  let furthest = headway();
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof Interruption)) throw error;
      if (headway() > furthest) tries = 1;
      furthest = Math.max(furthest, headway());
      const waitMs = error.waitMs ?? firstWaitMs * 2 ** (tries - 1);
      if (tries >= TRIES || waitMs > LONGEST_WAIT_MS) throw error.reason;
      await wait(waitMs, signal, onProgress);
    }
  }
}

async function wait(ms: number, signal?: AbortSignal, onProgress?: OnProgress): Promise<void> {
  if (ms === 0) return;
  const total = Math.ceil(ms / 1000);
  const tell = (done: number) =>
    onProgress?.({ label: 'Waiting to try the download again', done, total, unit: 's' });
  try {
    tell(0);
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop);
        resolve();
      }, ms);
      signal?.addEventListener('abort', stop, { once: true });
    });
  } finally {
    tell(total);
  }
}
