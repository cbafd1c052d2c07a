import { type Remote, wrap } from 'comlink';
import type { EngineApi } from './api';

/** Starts the engine's worker. It finds the bundled files beside the page, whose address it gets as its name. */
export function createEngine(): Remote<EngineApi> {
  const worker = new Worker(new URL('./engine.worker.ts', import.meta.url), {
    type: 'module',
    name: document.baseURI,
  });
  return wrap<EngineApi>(worker);
}
