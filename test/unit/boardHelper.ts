import { workerData } from 'node:worker_threads';
import { Board } from '../../src/ops/wasm/board';

/** A helper thread that counts the parts it is given, and fails in that of this job as a trap of WebAssembly does. */
const { buffer, parts, failsIn } = workerData as {
  buffer: SharedArrayBuffer;
  parts: Int32Array;
  failsIn: number;
};
new Board(buffer, 2).serve(1, () => {
  if (Atomics.add(parts, 0, 1) + 1 === failsIn) throw new WebAssembly.RuntimeError('unreachable');
});
