import type * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../activation';
import { LINEAR, LINEAR_INPUT_GRADIENT, LINEAR_WEIGHT_GRADIENT } from '../kernels';
import { type Native, registerWasmKernel, rowsOf } from './native';

/** As c/activation.h numbers them. */
const ACTIVATIONS: Record<Activation, number> = { quick_gelu: 1, gelu: 2, gelu_pytorch_tanh: 3 };

/** A matrix whose element (i, j) is at i · row + j · column of a tensor. */
interface Matrix {
  tensor: tf.TensorInfo;
  row: number;
  column: number;
}

interface Finish {
  bias?: tf.TensorInfo;
  residual?: tf.TensorInfo;
  factors?: tf.TensorInfo;
  activation?: Activation;
  /** Where the activation's slopes go. */
  slopes?: tf.TensorInfo;
}

/** y [m, n] = act((a [m, k] b [k, n] + bias + residual) ⊙ factors). */
function multiply(
  native: Native,
  [m, n, k]: [number, number, number],
  a: Matrix,
  b: Matrix,
  y: tf.TensorInfo,
  { bias, residual, factors, activation, slopes }: Finish = {},
): void {
  native.run('gemm', m, {
    a: a.tensor,
    aRow: a.row,
    aColumn: a.column,
    b: b.tensor,
    bRow: b.row,
    bColumn: b.column,
    c: y,
    n,
    k,
    bias,
    residual,
    factors,
    activation: activation ? ACTIVATIONS[activation] : 0,
    slopes,
  });
}

registerWasmKernel(LINEAR, ({ x, weight, bias, residual }, native, { activation }) => {
  const [out, inner] = weight.shape;
  const shape = [...x.shape.slice(0, -1), out];
  const y = native.output(shape);
  const slopes = activation && native.output(shape);
  const a = { tensor: x, row: inner, column: 1 };
  const b = { tensor: weight, row: 1, column: inner };
  multiply(native, [rowsOf(x), out, inner], a, b, y, { bias, residual, activation, slopes });
  return slopes ? [y, slopes] : y;
});

registerWasmKernel(LINEAR_INPUT_GRADIENT, ({ dy, weight, slopes }, native) => {
  const [out, inner] = weight.shape;
  const dx = native.output([...dy.shape.slice(0, -1), inner]);
  const a = { tensor: dy, row: out, column: 1 };
  const b = { tensor: weight, row: inner, column: 1 };
  multiply(native, [rowsOf(dy), inner, out], a, b, dx, { factors: slopes });
  return dx;
});

registerWasmKernel(LINEAR_WEIGHT_GRADIENT, ({ dy, x }, native, { bias }) => {
  const [out, inner] = [dy, x].map(({ shape }) => shape[shape.length - 1]);
  const rows = rowsOf(dy);
  const dWeight = native.output([out, inner]);
  const a = { tensor: dy, row: 1, column: out };
  multiply(native, [out, inner, rows], a, { tensor: x, row: inner, column: 1 }, dWeight);
  if (!bias) return dWeight;
  const dBias = native.output([out]);
  native.run('columnSums', out, { x: dy, sums: dBias, rows, columns: out });
  return [dWeight, dBias];
});
