import type * as tf from '@tensorflow/tfjs-core';
import type { Precision } from '../../device/webgpu/half';
import type { Activation } from '../activation';
import type { Layout, ProductKind } from './matmulCode';
import { registerTiles } from './matmulRegisters';
import { sharedTiles } from './matmulShared';
import { nameOf, unaligned, type Variant, variantFor } from './matmulVariants';
import { runProgram } from './program';
import type { RowNorm } from './rowNorm';

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
    /** Other than float32, the device must have 'shader-f16'; 'float16-arithmetic' only with NT. */
    precision?: Precision;
  };
  /** Layout of the result; its tensor's shape. */
  output: { shape: number[]; rowStride: number };
  /** With NT: A is this norm of its tensor's rows; k is a multiple of four. */
  rowNorm?: RowNorm;
  /** [n], added to each row. */
  bias?: tf.TensorInfo;
  /** Of the result's shape and layout, added. */
  residual?: tf.TensorInfo;
  /** How many rows it has, where they are added again and again; m where undefined. */
  residualRows?: number;
  /** Of the result's shape and layout, which it is multiplied by. */
  factors?: tf.TensorInfo;
  /** Applied to the result; there is a second output then, its slopes. */
  activation?: Activation;
  /** With TN: a second output, [m], the sums of A's columns. */
  columnSums?: boolean;
}

/** A · B (+ bias) (+ residual) in one dispatch, of any size; sizes that are multiples of four are faster. */
export function tiledMatmul(
  options: MatmulOptions,
  wanted: Variant = variantFor(options.layout, options.m, options.n, options.b.precision),
): tf.TensorInfo[] {
  const { m, n, k, a, b, output, rowNorm, bias, residual, residualRows, factors } = options;
  const variant = isAligned(options) ? wanted : unaligned();
  const kind = kindOf(options, variant);
  const code = variant.kind === 'registers' ? registerTiles(variant, kind) : sharedTiles(variant, kind);
  const { weight: NormWeight, bias: NormBias, epsilon } = rowNorm?.affine ?? {};
  const operands = {
    A: rowNorm?.x ?? a.tensor,
    B: b.tensor,
    NormWeight,
    NormBias,
    bias,
    residual,
    factors,
  };
  const inputs = Object.entries(operands).flatMap(([name, tensor]) => (tensor ? [{ name, tensor }] : []));
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
        ...(kind.activation ? [{ ...result, name: 'slopes' }] : []),
        ...(kind.columnSums ? [{ name: 'columnSums', shape: [m] }] : []),
      ],
      integers: {
        m,
        n,
        k,
        aRow: a.rowStride,
        bRow: b.rowStride,
        resultRow: output.rowStride,
        ...(residualRows && { residualRows }),
      },
      floats: epsilon === undefined ? {} : { epsilon },
      workgroupSize: code.threads,
      dispatch: [Math.ceil(n / code.tile[1]), Math.ceil(m / code.tile[0]), 1],
      functions: code.functions,
      code: code.main,
      subgroups: code.subgroups,
    },
    inputs.map(({ tensor }) => tensor),
  );
}

function isAligned({ layout, m, n, k, a, b, output }: MatmulOptions): boolean {
  const sizes = [a.rowStride, b.rowStride, output.rowStride, layout === 'TN' ? m : k, n];
  return sizes.every((size) => size % 4 === 0);
}

function kindOf(options: MatmulOptions, { halfProducts = false }: Variant): ProductKind {
  const {
    layout,
    k,
    b,
    rowNorm,
    bias,
    residual,
    residualRows,
    factors,
    activation,
    columnSums = false,
  } = options;
  return {
    layout,
    aligned: isAligned(options),
    ragged: k % 4 !== 0,
    halfB: (b.precision ?? 'float32') !== 'float32',
    halfProducts,
    rowNorm: rowNorm && (rowNorm.affine ? 'layerNorm' : 'l2Norm'),
    bias: bias !== undefined,
    residual: residual !== undefined && (residualRows ? 'repeated' : 'whole'),
    factors: factors !== undefined,
    activation,
    columnSums,
  };
}
