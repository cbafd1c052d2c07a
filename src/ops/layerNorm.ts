import * as tf from '@tensorflow/tfjs-core';
import {
  gradientsTogether,
  hasKernel,
  LAYER_NORM,
  LAYER_NORM_INPUT_GRADIENT,
  LAYER_NORM_WEIGHT_GRADIENT,
  registerGradient,
  runKernel,
  runKernels,
} from './kernels';
import './wasm/layerNorm';
import './webgpu/layerNorm';

/**
 * Layer normalisation over the last axis: (x − mean) / √(variance + ε) · weight + bias (Ba et al. 2016).
 *
 * @param x [..., width]
 * @param weight [width]
 * @param bias [width]
 */
export function layerNorm(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor, epsilon: number): tf.Tensor {
  if (!hasKernel(LAYER_NORM)) return layerNormComposition(x, weight, bias, epsilon);
  const [normed, statistics] = runKernels(LAYER_NORM, { x, weight, bias }, { epsilon, around: false });
  statistics.dispose();
  return normed;
}

export interface NormAround {
  normed: tf.Tensor;
  /** x, for the residual connection around the norm: so its gradient joins that of the norm in one kernel. */
  around: tf.Tensor;
}

/** As `layerNorm`, at the beginning of a residual branch. */
export function layerNormAround(
  x: tf.Tensor,
  weight: tf.Tensor,
  bias: tf.Tensor,
  epsilon: number,
): NormAround {
  if (!hasKernel(LAYER_NORM))
    return { normed: layerNormComposition(x, weight, bias, epsilon), around: tf.clone(x) };
  const [normed, statistics, around] = runKernels(LAYER_NORM, { x, weight, bias }, { epsilon, around: true });
  statistics.dispose();
  return { normed, around };
}

/** What `layerNorm` means. */
export function layerNormComposition(
  x: tf.Tensor,
  weight: tf.Tensor,
  bias: tf.Tensor,
  epsilon: number,
): tf.Tensor {
  return tf.tidy(() => {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const variance = tf.mean(tf.square(centred), -1, true);
    return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon))), weight), bias);
  });
}

registerGradient(
  LAYER_NORM,
  { inputs: ['x', 'weight'], outputs: [false, true, false] },
  ([dy, , around], [x, weight, statistics]) => {
    const [dWeight, dBias] = gradientsTogether(2, () =>
      runKernels(LAYER_NORM_WEIGHT_GRADIENT, { dy, x, statistics }, {}),
    );
    return {
      x: () => runKernel(LAYER_NORM_INPUT_GRADIENT, { dy, x, weight, statistics, around }, {}),
      weight: dWeight,
      bias: dBias,
    };
  },
);
