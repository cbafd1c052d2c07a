import * as tf from '@tensorflow/tfjs-core';

export interface SgdOptions {
  learningRate: number;
  momentum: number;
  weightDecay: number;
}

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
  { learningRate, momentum, weightDecay }: SgdOptions,
): void {
  tf.tidy(() => {
    buffer.assign(tf.add(tf.mul(buffer, momentum), tf.add(gradient, tf.mul(parameter, weightDecay))));
    parameter.assign(tf.sub(parameter, tf.mul(buffer, learningRate)));
  });
}
