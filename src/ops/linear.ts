import * as tf from '@tensorflow/tfjs-core';
import { type Activation, activate } from './activation';
import { linearKernel } from './webgpu/linear';

export interface LinearOptions {
  activation?: Activation;
  /** Added to the result; the result's shape. Not together with an activation. */
  residual?: tf.Tensor;
}

/**
 * A fully connected layer: act(x Wᵀ + b), or x Wᵀ + b + residual.
 *
 * @param x [..., in]
 * @param weight [out, in], as PyTorch stores it
 * @param bias [out]
 * @returns [..., out]
 */
export function linear(
  x: tf.Tensor,
  weight: tf.Tensor,
  bias?: tf.Tensor,
  options: LinearOptions = {},
): tf.Tensor {
  const { activation, residual } = options;
  return tf.tidy(() => {
    const y = linearKernel(x, weight, bias, residual) ?? linearComposition(x, weight, bias, residual);
    return activation ? activate(y, activation) : y;
  });
}

/** What `linear` means, without its activation. */
export function linearComposition(
  x: tf.Tensor,
  weight: tf.Tensor,
  bias?: tf.Tensor,
  residual?: tf.Tensor,
): tf.Tensor {
  return tf.tidy(() => {
    const [out, inner] = weight.shape;
    let y: tf.Tensor = tf.matMul(tf.reshape(x, [-1, inner]), weight as tf.Tensor2D, false, true);
    if (bias) y = tf.add(y, bias);
    y = tf.reshape(y, [...x.shape.slice(0, -1), out]);
    return residual ? tf.add(y, residual) : y;
  });
}
