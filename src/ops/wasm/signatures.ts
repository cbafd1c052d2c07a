// The kernels of c/, compiled to WebAssembly with vectors of four. They work in the memory of tfjs's own WebAssembly.

/** What C is handed: a tensor's address, one that may be missing (0 then), an integer, a float. */
type Argument = 'tensor' | 'tensor?' | 'integer' | 'float';

interface Signature {
  /** In multiples of how many items the work may be parted. */
  step: number;
  /** How many items make that worth it. */
  worthwhile: number;
  /** In C's order, after the part of the work that each thread has. */
  arguments: Readonly<Record<string, Argument>>;
}

const attention = { tokens: 'integer', width: 'integer', heads: 'integer', causal: 'integer' } as const;

/**
 * By the name that C exports. A test compares the arguments with the C sources. Items are rows of a product or of a layer
 * norm, columns of sums, numbers, parts of a tensor, heads.
 */
export const KERNELS = {
  gemm: {
    step: 4,
    worthwhile: 32,
    arguments: {
      a: 'tensor',
      aRow: 'integer',
      aColumn: 'integer',
      b: 'tensor',
      bRow: 'integer',
      bColumn: 'integer',
      c: 'tensor',
      n: 'integer',
      k: 'integer',
      bias: 'tensor?',
      residual: 'tensor?',
      factors: 'tensor?',
      activation: 'integer',
      slopes: 'tensor?',
    },
  },
  columnSums: {
    step: 16,
    worthwhile: 128,
    arguments: { x: 'tensor', sums: 'tensor', rows: 'integer', columns: 'integer' },
  },
  sumsOfSquares: {
    step: 1,
    worthwhile: 4,
    arguments: { x: 'tensor', sums: 'tensor', size: 'integer', length: 'integer' },
  },
  adamW: {
    step: 16,
    worthwhile: 16384,
    arguments: {
      parameter: 'tensor',
      gradient: 'tensor',
      first: 'tensor',
      second: 'tensor',
      scale: 'float',
      beta1: 'float',
      beta2: 'float',
      decay: 'float',
      rate: 'float',
      correction: 'float',
      epsilon: 'float',
    },
  },
  layerNorm: {
    step: 1,
    worthwhile: 128,
    arguments: {
      x: 'tensor',
      weight: 'tensor',
      bias: 'tensor',
      y: 'tensor',
      statistics: 'tensor',
      width: 'integer',
      epsilon: 'float',
    },
  },
  layerNormInputGradient: {
    step: 1,
    worthwhile: 128,
    arguments: {
      dy: 'tensor',
      x: 'tensor',
      weight: 'tensor',
      statistics: 'tensor',
      around: 'tensor?',
      dx: 'tensor',
      width: 'integer',
    },
  },
  layerNormWeightGradient: {
    step: 16,
    worthwhile: 128,
    arguments: {
      dy: 'tensor',
      x: 'tensor',
      statistics: 'tensor',
      dweight: 'tensor',
      dbias: 'tensor',
      rows: 'integer',
      width: 'integer',
    },
  },
  attention: {
    step: 1,
    worthwhile: 2,
    arguments: { qkv: 'tensor', mixed: 'tensor', logSums: 'tensor', ...attention },
  },
  attentionGradient: {
    step: 1,
    worthwhile: 2,
    arguments: {
      dy: 'tensor',
      qkv: 'tensor',
      mixed: 'tensor',
      logSums: 'tensor',
      dqkv: 'tensor',
      ...attention,
    },
  },
} as const satisfies Record<string, Signature>;

export type KernelName = keyof typeof KERNELS;

type ValueOf<A extends Argument, Tensor> = A extends 'tensor'
  ? Tensor
  : A extends 'tensor?'
    ? Tensor | undefined
    : number;

/** A kernel's arguments by name, in any order. */
export type Arguments<Name extends KernelName, Tensor> = {
  [Key in keyof (typeof KERNELS)[Name]['arguments']]: ValueOf<
    Extract<(typeof KERNELS)[Name]['arguments'][Key], Argument>,
    Tensor
  >;
};
