import type * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../activation';
import type { Layout, ProductKind } from './matmulCode';
import { registerTiles } from './matmulRegisters';
import { sharedTiles } from './matmulShared';
import { nameOf, UNALIGNED, type Variant, variantFor } from './matmulVariants';
import { runProgram } from './program';

/** A matrix as it lies in memory. */
interface Operand {
  tensor: tf.TensorInfo;
  /** Elements from one row to the next. */
  rowStride: number;
}

export interface MatmulOptions {
  layout: Layout;
  /** Rows and columns of the result, and the length of the sums. */
  m: number;
  n: number;
  k: number;
  a: Operand;
  b: Operand & {
    /** It lies as float16; the device must have 'shader-f16'. */
    isHalf?: boolean;
  };
  /** Layout of the result; its tensor's shape. */
  output: { shape: number[]; rowStride: number };
  /** [n], added to each row. */
  bias?: tf.TensorInfo;
  /** Of the result's shape and layout, added. */
  residual?: tf.TensorInfo;
  /** Applied to the result; there is a second output then, the result without it. */
  activation?: Activation;
  /** With TN: a second output, [m], the sums of A's columns. */
  columnSums?: boolean;
}

/** A · B (+ bias) (+ residual) in one dispatch, of any size; sizes that are multiples of four are faster. */
export function tiledMatmul(
  options: MatmulOptions,
  wanted: Variant = variantFor(options.layout, options.m, options.n),
): tf.TensorInfo[] {
  const { m, n, k, a, b, output, bias, residual } = options;
  const kind = kindOf(options);
  const variant = kind.aligned ? wanted : UNALIGNED;
  const code = variant.kind === 'registers' ? registerTiles(variant, kind) : sharedTiles(variant, kind);
  const inputs = Object.entries({ A: a.tensor, B: b.tensor, bias, residual }).flatMap(([name, tensor]) =>
    tensor ? [{ name, tensor }] : [],
  );
  const names = inputs.map(({ name }) => name);
  const result = { name: 'result', shape: output.shape, vec4: kind.aligned };
  return runProgram(
    {
      key: `matmul, ${nameOf(variant)}, ${JSON.stringify(kind)}`,
      inputs: names,
      vec4: kind.aligned ? names : [],
      float16: kind.halfB ? ['B'] : [],
      outputs: [
        result,
        ...(kind.activation ? [{ ...result, name: 'before' }] : []),
        ...(kind.columnSums ? [{ name: 'columnSums', shape: [m] }] : []),
      ],
      integers: { m, n, k, aRow: a.rowStride, bRow: b.rowStride, resultRow: output.rowStride },
      workgroupSize: code.threads,
      dispatch: [Math.ceil(n / code.tile[1]), Math.ceil(m / code.tile[0]), 1],
      functions: code.functions,
      code: code.main,
      subgroups: code.subgroups,
    },
    inputs.map(({ tensor }) => tensor),
  );
}

function kindOf({ layout, m, n, k, a, b, output, ...rest }: MatmulOptions): ProductKind {
  const sizes = [a.rowStride, b.rowStride, output.rowStride, layout === 'TN' ? m : k, n];
  return {
    layout,
    aligned: sizes.every((size) => size % 4 === 0),
    ragged: k % 4 !== 0,
    halfB: b.isHalf ?? false,
    bias: rest.bias !== undefined,
    residual: rest.residual !== undefined,
    activation: rest.activation,
    columnSums: rest.columnSums ?? false,
  };
}
