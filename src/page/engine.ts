import type { EngineApi } from '../worker/api';

/** The engine behind the page. */
export let engine: EngineApi;

/** Hands the engine in, before anything asks for it. */
export function connect(to: EngineApi): void {
  engine = to;
}
