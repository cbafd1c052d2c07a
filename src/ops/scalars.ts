import * as tf from '@tensorflow/tfjs-core';
import { hasKernel, registerGradient, runKernel, STACK_SCALARS, WEIGHTED_SUM } from './kernels';
import './webgpu/scalars';

/** A kernel reads no more; most devices bind eight buffers, and one is the result. */
const MOST = 7;

/** Σ weight · scalar. */
export function weightedSum(scalars: tf.Tensor[], weights: number[]): tf.Scalar {
  if (!hasKernel(WEIGHTED_SUM) || scalars.length > MOST) return weightedSumComposition(scalars, weights);
  return runKernel(WEIGHTED_SUM, { ...scalars }, { weights }) as tf.Scalar;
}

/** What `weightedSum` means. */
export function weightedSumComposition(scalars: tf.Tensor[], weights: number[]): tf.Scalar {
  return tf.tidy(() => tf.addN(scalars.map((scalar, i) => tf.mul(scalar, weights[i]))) as tf.Scalar);
}

registerGradient(WEIGHTED_SUM, {}, ([dy], _saved, { weights }) => ({
  ...weights.map((weight) => () => (weight === 1 ? tf.clone(dy) : tf.mul(dy, weight))),
}));

/** Scalars in a row, to be read back; no gradient goes there. */
export function stackScalars(scalars: tf.Tensor[]): tf.Tensor1D {
  if (!hasKernel(STACK_SCALARS) || scalars.length > MOST) return tf.stack(scalars) as tf.Tensor1D;
  return runKernel(STACK_SCALARS, { ...scalars }, {}) as tf.Tensor1D;
}
