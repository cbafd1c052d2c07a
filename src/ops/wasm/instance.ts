// The kernels of c/, compiled to WebAssembly with vectors of four. They work in the memory of tfjs's own WebAssembly.

/**
 * By the name that C exports: in multiples of how many items the work may be parted, and how many items make that worth
 * it. Items are rows of a product or of a layer norm, columns of sums, numbers, parts of a
 * tensor, heads.
 */
export const KERNELS = {
  gemm: { step: 4, worthwhile: 32 },
  columnSums: { step: 16, worthwhile: 128 },
  sumsOfSquares: { step: 1, worthwhile: 4 },
  adamW: { step: 16, worthwhile: 16384 },
  layerNorm: { step: 1, worthwhile: 128 },
  layerNormInputGradient: { step: 1, worthwhile: 128 },
  layerNormWeightGradient: { step: 16, worthwhile: 128 },
  attention: { step: 1, worthwhile: 2 },
  attentionGradient: { step: 1, worthwhile: 2 },
};

export type KernelName = keyof typeof KERNELS;

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
