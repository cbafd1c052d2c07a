import { type Remote, wrap } from 'comlink';
import type { EngineApi } from './api';

/**
 * Starts the engine's worker. It finds the bundled files beside the page, whose address it gets as its name.
 *
 * @param onFailed called where the worker can't begin, or meets an error that nothing in it caught
 */
export function createEngine(onFailed: () => void): Remote<EngineApi> {
  const worker = new Worker(new URL('./engine.worker.ts', import.meta.url), {
    type: 'module',
    name: document.baseURI,
  });
  worker.addEventListener('error', onFailed);
  worker.addEventListener('messageerror', onFailed);
  return wrap<EngineApi>(worker);
}
