import * as tf from '@tensorflow/tfjs-core';
import { layerNormKernel } from './webgpu/layerNorm';

/**
 * Layer normalisation over the last axis: (x − mean) / √(variance + ε) · weight + bias (Ba et al. 2016).
 *
 * @param x [..., width]
 * @param weight [width]
 * @param bias [width]
 */
export function layerNorm(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor, epsilon: number): tf.Tensor {
  return layerNormKernel(x, weight, bias, epsilon) ?? layerNormComposition(x, weight, bias, epsilon);
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
