import * as tf from '@tensorflow/tfjs-core';
import { onWebGPU } from '../device/webgpu/backend';
import { batchStatisticsComposition } from './batchStatistics';
import {
  BATCH_NORM,
  BATCH_NORM_INPUT_GRADIENT,
  BATCH_NORM_WEIGHT_GRADIENT,
  gradientsTogether,
  hasKernel,
  registerGradient,
  runKernel,
  runKernels,
} from './kernels';
import { blendInPlace } from './webgpu/batchNorm';

export interface BatchNormStatistics {
  mean: tf.Tensor;
  variance: tf.Tensor;
}

const EPSILON = 1e-5;

/**
 * Batch normalisation with given statistics: (x − mean) / √(variance + 1e-5) · weight + bias (Ioffe & Szegedy 2015).
 *
 * @param x [batch, features]; everything else [features]
 */
export function batchNorm(
  x: tf.Tensor,
  statistics: BatchNormStatistics,
  weight: tf.Tensor,
  bias: tf.Tensor,
): tf.Tensor {
  return tf.tidy(() => {
    const scale = tf.rsqrt(tf.add(statistics.variance, EPSILON));
    return tf.add(tf.mul(tf.mul(tf.sub(x, statistics.mean), scale), weight), bias);
  });
}

/**
 * ReLU of `batchNorm` with the batch's own statistics; the gradient flows through them, as it must while training.
 *
 * @param x [batch, features]; everything else [features]
 */
export function batchNormRelu(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  return hasKernel(BATCH_NORM)
    ? runKernel(BATCH_NORM, { x, weight, bias }, { epsilon: EPSILON })
    : batchNormReluComposition(x, weight, bias);
}

/** What `batchNormRelu` means. */
export function batchNormReluComposition(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.relu(batchNorm(x, batchStatisticsComposition(x), weight, bias)));
}

registerGradient(BATCH_NORM, { inputs: ['x', 'weight', 'bias'] }, ([dy], [x, weight, bias], attributes) => {
  const inputs = { dy, x, weight, bias };
  const [dWeight, dBias] = gradientsTogether(2, () =>
    runKernels(BATCH_NORM_WEIGHT_GRADIENT, inputs, attributes),
  );
  return {
    x: () => runKernel(BATCH_NORM_INPUT_GRADIENT, inputs, attributes),
    weight: dWeight,
    bias: dBias,
  };
});

const MOMENTUM = 0.1;

export interface RunningStatistics {
  mean: tf.Variable;
  variance: tf.Variable;
}

/**
 * Takes one more batch into running statistics: 0.9 running + 0.1 batch, with the unbiased variance, as PyTorch does.
 *
 * @param running changed in place, each [features]
 * @param batch the statistics of a batch of `batchSize` rows
 */
export function updateRunningStatistics(
  running: RunningStatistics,
  batch: BatchNormStatistics,
  batchSize: number,
): void {
  const unbiased = batchSize / Math.max(1, batchSize - 1);
  if (onWebGPU()) {
    blendInPlace(running, batch, MOMENTUM, unbiased);
    return;
  }
  const blend = (old: tf.Variable, fresh: tf.Tensor, factor: number) =>
    tf.tidy(() => old.assign(tf.add(tf.mul(old, 1 - MOMENTUM), tf.mul(fresh, MOMENTUM * factor))));
  blend(running.mean, batch.mean, 1);
  blend(running.variance, batch.variance, unbiased);
}
