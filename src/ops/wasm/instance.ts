import type { KernelName } from './signatures';

/** Bytes of stack; the kernels need some hundred. */
const STACK = 4096;
/** Bytes that every kernel may want: its stack, and the scratch memory of a product, `GEMM_SCRATCH` in c/gemm.h. */
export const WORKSPACE = STACK + 4 * (32 + 4 * 256 + 256 * 512);

/** Some items of a kernel's work. */
export interface Part {
  begin: number;
  end: number;
  /** The address of memory that nobody else uses meanwhile: `WORKSPACE` bytes and what the kernel needs beyond. */
  workspace: number;
}

/** The kernels as one thread has them. */
export class Instance {
  private readonly exports: WebAssembly.Exports;

  constructor(module: WebAssembly.Module, memory: WebAssembly.Memory) {
    this.exports = new WebAssembly.Instance(module, { env: { memory, log: Math.log } }).exports;
  }

  run(kernel: KernelName, { begin, end, workspace }: Part, args: ArrayLike<number>): void {
    const stackPointer = this.exports['__stack_pointer'] as WebAssembly.Global;
    // The stack grows downwards, to the workspace's beginning.
    stackPointer.value = workspace + STACK;
    const compute = this.exports[kernel] as (...args: number[]) => void;
    compute(begin, end, workspace + STACK, ...Array.from(args));
  }
}
