import * as tf from '@tensorflow/tfjs-core';
import { ADAMW, type AdamWOptions, hasKernel, runKernels } from './kernels';
import './wasm/adamW';

/**
 * One AdamW update in place (Loshchilov & Hutter 2019, as `torch.optim.AdamW` orders it), g the gradient · scale:
 * p ← p (1 − lr·wd); m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; p ← p − lr/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε).
 *
 * @param parameter, firstMoment, secondMoment variables of the gradient's shape
 */
export function adamW(
  parameter: tf.Variable,
  gradient: tf.Tensor,
  firstMoment: tf.Variable,
  secondMoment: tf.Variable,
  options: AdamWOptions,
): void {
  if (hasKernel(ADAMW)) {
    runKernels(ADAMW, { parameter, gradient, firstMoment, secondMoment }, options);
    return;
  }
  const { scale, learningRate, beta1, beta2, epsilon, weightDecay, step } = options;
  tf.tidy(() => {
    const g = tf.mul(gradient, scale);
    firstMoment.assign(tf.add(tf.mul(firstMoment, beta1), tf.mul(g, 1 - beta1)));
    secondMoment.assign(tf.add(tf.mul(secondMoment, beta2), tf.mul(tf.square(g), 1 - beta2)));
    const denominator = tf.add(tf.mul(tf.sqrt(secondMoment), (1 - beta2 ** step) ** -0.5), epsilon);
    const update = tf.mul(tf.div(firstMoment, denominator), learningRate / (1 - beta1 ** step));
    parameter.assign(tf.sub(tf.mul(parameter, 1 - learningRate * weightDecay), update));
  });
}
