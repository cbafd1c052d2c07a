import * as tf from '@tensorflow/tfjs-core';
import { type SgdOptions, sgdKernel } from './webgpu/optimizers';

/**
 * One step of stochastic gradient descent with momentum, in place, as `torch.optim.SGD`:
 * b ← momentum·b + (g + wd·p); p ← p − lr·b. With b = 0 at the start, the first step takes the gradient itself.
 *
 * @param parameter, buffer variables of the gradient's shape
 */
export function sgd(
  parameter: tf.Variable,
  gradient: tf.Tensor,
  buffer: tf.Variable,
  options: SgdOptions,
): void {
  if (sgdKernel(parameter, gradient, buffer, options)) return;
  const { learningRate, momentum, weightDecay } = options;
  tf.tidy(() => {
    buffer.assign(tf.add(tf.mul(buffer, momentum), tf.add(gradient, tf.mul(parameter, weightDecay))));
    parameter.assign(tf.sub(parameter, tf.mul(buffer, learningRate)));
  });
}
