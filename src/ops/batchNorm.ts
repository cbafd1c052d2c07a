import * as tf from '@tensorflow/tfjs-core';
import { batchStatisticsComposition } from './batchStatistics';
import { batchNormKernel } from './webgpu/batchNorm';

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

/** As `batchNorm`, with the batch's own statistics; the gradient flows through them, as it must while training. */
export function batchNormTraining(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  return batchNormKernel(x, weight, bias, EPSILON) ?? batchNormTrainingComposition(x, weight, bias);
}

/** What `batchNormTraining` means. */
export function batchNormTrainingComposition(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  return tf.tidy(() => batchNorm(x, batchStatisticsComposition(x), weight, bias));
}

const MOMENTUM = 0.1;

/**
 * The running statistics after one more batch: 0.9 running + 0.1 batch, with the unbiased variance, as PyTorch keeps them.
 *
 * @param batch the statistics of a batch of `batchSize` rows
 */
export function runningStatistics(
  running: BatchNormStatistics,
  batch: BatchNormStatistics,
  batchSize: number,
): BatchNormStatistics {
  const blend = (old: tf.Tensor, fresh: tf.Tensor, factor: number) =>
    tf.tidy(() => tf.add(tf.mul(old, 1 - MOMENTUM), tf.mul(fresh, MOMENTUM * factor)));
  return {
    mean: blend(running.mean, batch.mean, 1),
    variance: blend(running.variance, batch.variance, batchSize / Math.max(1, batchSize - 1)),
  };
}
