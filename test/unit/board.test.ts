import { Worker } from 'node:worker_threads';
import { expect, it, vi } from 'vitest';
import { Board, type Job } from '../../src/ops/wasm/board';

it('a helper that fails ends the job in an error, and gets no other', async () => {
  const board = Board.create(2);
  const file = JSON.stringify(new URL('failingHelper.ts', import.meta.url));
  const code = `import('tsx/esm/api').then(({ tsImport }) => tsImport(${file}, ${file}))`;
  const helper = new Worker(code, { eval: true, workerData: board.buffer });
  try {
    await vi.waitFor(() => expect(board.isReady).toBe(true), { timeout: 20_000 });
    const job: Job = { kernel: 'gemm', count: 64, workspace: 0, workspaceBytes: 0, args: [] };
    const own = vi.fn();
    expect(() => board.run(job, own)).toThrow(/^One of 2 threads failed \(WebAssembly, gemm\)/);
    expect(own).toHaveBeenCalledOnce();
    expect(board.isReady).toBe(false);
  } finally {
    await helper.terminate();
  }
});
