import { Worker } from 'node:worker_threads';
import { afterEach, expect, it, vi } from 'vitest';
import { Board, type Job } from '../../src/ops/wasm/board';

const job: Job = { kernel: 'gemm', count: 64, workspace: 0, workspaceBytes: 0, args: [] };
let helper: Worker | undefined;

afterEach(async () => {
  vi.restoreAllMocks();
  await helper?.terminate();
});

/** A board with one helper that listens, and how many parts that one has done. */
async function withHelper(failsIn: number) {
  const board = Board.create(2);
  const parts = new Int32Array(new SharedArrayBuffer(4));
  const file = JSON.stringify(new URL('boardHelper.ts', import.meta.url));
  const code = `import('tsx/esm/api').then(({ tsImport }) => tsImport(${file}, ${file}))`;
  helper = new Worker(code, { eval: true, workerData: { buffer: board.buffer, parts, failsIn } });
  await vi.waitFor(() => expect(board.isReady).toBe(true), { timeout: 20_000 });
  return { board, parts };
}

it('a helper that fails ends the job in an error, and gets no other', async () => {
  const { board } = await withHelper(1);
  const own = vi.fn();
  expect(() => board.run(job, own)).toThrow(/^One of 2 threads failed \(WebAssembly, gemm\)/);
  expect(own).toHaveBeenCalledOnce();
  expect(board.isReady).toBe(false);
});

it('a helper does each job once, also where the notice comes when it is done', async () => {
  const { board, parts } = await withHelper(Number.POSITIVE_INFINITY);
  const notify = Atomics.notify.bind(Atomics);
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  const pause = (milliseconds: number) => Atomics.wait(sleeper, 0, 0, milliseconds);
  let jobs = 0;
  vi.spyOn(Atomics, 'notify').mockImplementation((...given) => {
    notify(...given);
    while (Atomics.load(parts, 0) < jobs) pause(1);
    pause(20);
    return notify(...given);
  });
  const JOBS = 5;
  while (jobs++ < JOBS) {
    board.run(job, () => {});
    pause(20);
  }
  expect(Atomics.load(parts, 0)).toBe(JOBS);
});
