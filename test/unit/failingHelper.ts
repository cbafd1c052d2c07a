import { workerData } from 'node:worker_threads';
import { Board } from '../../src/ops/wasm/board';

/** A helper thread whose part of every job fails, as a trap of WebAssembly does. */
new Board(workerData, 2).serve(1, () => {
  throw new WebAssembly.RuntimeError('unreachable');
});
