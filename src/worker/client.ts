import { type Remote, wrap } from 'comlink';
import { beginWorker } from '../files/beginWorker';
import { InputError } from '../files/folder';
import type { EngineApi } from './api';
import { hearFetches } from './fetched';
import { DEVICE_LOST } from './signals';

/**
 * Why an engine answers no more: its device was lost; its worker could not begin, met an error, or was ended; or it was
 * given up, since nothing was heard of it.
 */
export type EngineEnd = 'lost device' | 'ended' | 'silent';

/** Errors whose words are meant for the user; those of other names are the platform's. */
const ownErrors = ['InputError', 'MachineError', 'NeedsClasses', 'Error'];

/** The loss of a device is told a moment after calls have failed by it. */
const LOSS_IS_TOLD_MS = 2000;

let endLast = () => {};

/**
 * Starts the engine's worker, and ends the one before. It finds the bundled files beside the page, whose address it gets
 * in its name. Calls wait until it has begun; from its end on all reject, those under way too.
 *
 * @param onEnded called once; not where another engine takes its place
 */
export function createEngine(onEnded: (why: EngineEnd) => void): EngineApi {
  endLast();
  const name = `${document.baseURI.replace(/#.*/, '')}#${crypto.randomUUID()}`;
  let reject: (reason: Error) => void = () => {};
  const ended = new Promise<never>((_, no) => {
    reject = no;
  });
  ended.catch(() => {});
  let isEnded = false;
  const end = () => {
    isEnded = true;
    endWorker();
    reject(new InputError('The engine was started anew meanwhile; try again.'));
  };
  endLast = end;
  const endBy = (why: EngineEnd) => () => {
    if (isEnded) return;
    end();
    onEnded(why);
  };
  let endWorker = () => {};
  const begun = new Promise<Remote<EngineApi>>((resolve) => {
    endWorker = beginWorker(() => engineWorker(name, endBy('lost device')), {
      onBegun: (worker) => resolve(wrap<EngineApi>(worker)),
      onEnded: endBy('ended'),
    });
  });
  let isWatched = false;
  const answered = () => {
    // The worker holds this lock as long as it lives; no other sign of its end reaches a page.
    if (!isWatched) void navigator.locks?.request(name, endBy('ended'));
    isWatched = true;
  };
  return new Proxy<EngineApi>(Object.create(null), {
    get:
      (_, method) =>
      async (...values: unknown[]) => {
        const answer = begun.then((remote) => Reflect.apply(Reflect.get(remote, method), undefined, values));
        try {
          return await Promise.race([answer.then(answered).then(() => answer), ended]);
        } catch (error) {
          if (error instanceof Error && ownErrors.includes(error.name)) throw error;
          console.warn(error);
          await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, LOSS_IS_TOLD_MS))]);
          throw new InputError(
            'The engine met an error of its own, which the browser’s console tells. Try again.',
          );
        }
      },
  });
}

function engineWorker(name: string, onLostDevice: () => void): Worker {
  const worker = new Worker(new URL('./engine.worker.ts', import.meta.url), { type: 'module', name });
  hearFetches(worker);
  worker.addEventListener('message', ({ data }) => {
    if (data === DEVICE_LOST) onLostDevice();
  });
  return worker;
}
