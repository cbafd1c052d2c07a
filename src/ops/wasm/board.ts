import type { Part } from './instance';
import { KERNELS, type KernelName } from './signatures';

/** Work that several threads share. */
export interface Job {
  kernel: KernelName;
  /** Items in all. */
  count: number;
  /** The address of the first thread's workspace, and the bytes that each has. */
  workspace: number;
  workspaceBytes: number;
  args: number[];
}

const KERNEL_NAMES = Object.keys(KERNELS) as KernelName[];
const MOST_NUMBERS = 32;

/** Places among the integers: threads that listen, the number of the last job, threads still at it, those that failed. */
const [LISTENING, JOB, BUSY, FAILED] = [0, 1, 2, 3];

/**
 * Where the engine's thread writes jobs that its helpers wait for. All take part in every job, so that none reads a job
 * half written.
 */
export class Board {
  private readonly integers: Int32Array;
  private readonly numbers: Float64Array;

  constructor(
    readonly buffer: SharedArrayBuffer,
    readonly threads: number,
  ) {
    this.integers = new Int32Array(buffer, 0, 4);
    this.numbers = new Float64Array(buffer, 16, MOST_NUMBERS);
  }

  static create(threads: number): Board {
    return new Board(new SharedArrayBuffer(16 + 8 * MOST_NUMBERS), threads);
  }

  /** Whether all helpers wait for jobs; never again after one has failed, since what it left behind is not known. */
  get isReady(): boolean {
    const { integers, threads } = this;
    return Atomics.load(integers, LISTENING) === threads - 1 && Atomics.load(integers, FAILED) === 0;
  }

  /**
   * Has the job done, thread 0's part by `work` right here.
   *
   * @throws Error where a helper's part failed: what the job wrote is incomplete
   */
  run(job: Job, work: (part: Part) => void): void {
    const { integers, threads } = this;
    const { kernel, count, workspace, workspaceBytes, args } = job;
    this.numbers.set([KERNEL_NAMES.indexOf(kernel), count, workspace, workspaceBytes, args.length, ...args]);
    Atomics.store(integers, BUSY, threads - 1);
    Atomics.add(integers, JOB, 1);
    Atomics.notify(integers, JOB);
    try {
      work(partOf(job, 0, threads));
    } finally {
      for (let busy = threads; busy > 0; busy = Atomics.load(integers, BUSY))
        Atomics.wait(integers, BUSY, busy);
    }
    if (Atomics.load(integers, FAILED) > 0)
      throw new Error(
        `One of ${threads} threads failed (WebAssembly, ${kernel}), so this step is not complete. Restart: from now on one thread does all.`,
      );
  }

  /** A helper's life: does its part of every job by `work`, and never returns. */
  serve(thread: number, work: (job: Job, part: Part) => void): never {
    const { integers, threads } = this;
    let done = Atomics.load(integers, JOB);
    Atomics.add(integers, LISTENING, 1);
    for (;;) {
      // The notice of a job may come when it is done already, and wakes a helper for nothing.
      while (Atomics.load(integers, JOB) === done) Atomics.wait(integers, JOB, done);
      done = Atomics.load(integers, JOB);
      const job = this.read();
      try {
        work(job, partOf(job, thread, threads));
      } catch {
        Atomics.add(integers, FAILED, 1);
      }
      if (Atomics.sub(integers, BUSY, 1) === 1) Atomics.notify(integers, BUSY);
    }
  }

  private read(): Job {
    const [kernel, count, workspace, workspaceBytes, length, ...args] = this.numbers;
    return { kernel: KERNEL_NAMES[kernel], count, workspace, workspaceBytes, args: args.slice(0, length) };
  }
}

function partOf({ kernel, count, workspace, workspaceBytes }: Job, thread: number, threads: number): Part {
  const { step } = KERNELS[kernel];
  const size = Math.ceil(count / threads / step) * step;
  return {
    begin: Math.min(thread * size, count),
    end: Math.min((thread + 1) * size, count),
    workspace: workspace + thread * workspaceBytes,
  };
}
