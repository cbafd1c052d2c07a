/** What a worker posts when it can be called. */
export const BEGAN = 'began';

/**
 * A worker that is silent for so long will not begin: so it was in three of 150 starts of Firefox 153 on a busy machine,
 * where another one began within a second. Each next one has twice the time, for slow connections.
 */
const BEGINS_WITHIN_MS = 10_000;
const MOST_WORKERS = 3;

interface WorkerEvents {
  /** It can be called. */
  onBegun: (worker: Worker) => void;
  /** It met an error, or none of the workers has begun. */
  onEnded: () => void;
}

/**
 * Starts a worker, and another in its place where it does not begin.
 *
 * @returns what ends it
 */
export function beginWorker(make: () => Worker, events: WorkerEvents, nth = 1): () => void {
  const worker = make();
  let end = () => {
    clearTimeout(late);
    worker.terminate();
  };
  const late = setTimeout(
    () => {
      console.warn(`A worker has not begun, ${nth} of ${MOST_WORKERS}.`);
      worker.terminate();
      if (nth < MOST_WORKERS) end = beginWorker(make, events, nth + 1);
      else events.onEnded();
    },
    BEGINS_WITHIN_MS * 2 ** (nth - 1),
  );
  worker.addEventListener('error', events.onEnded);
  worker.addEventListener('messageerror', events.onEnded);
  worker.addEventListener('message', ({ data }) => {
    if (data !== BEGAN) return;
    clearTimeout(late);
    events.onBegun(worker);
  });
  return () => end();
}
