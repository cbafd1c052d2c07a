import * as tf from '@tensorflow/tfjs-core';
import { batchMeanKernel, batchVarianceKernel } from './webgpu/batchStatistics';

export interface BatchStatistics {
  mean: tf.Tensor1D;
  variance: tf.Tensor1D;
}

/**
 * Mean and population variance of each feature over the batch.
 *
 * @param x [batch, features]
 * @returns both [features]
 */
export function batchStatistics(x: tf.Tensor): BatchStatistics {
  const mean = batchMeanKernel(x);
  const variance = batchVarianceKernel(x);
  return mean && variance ? { mean, variance } : batchStatisticsComposition(x);
}

/** What `batchStatistics` means. */
export function batchStatisticsComposition(x: tf.Tensor): BatchStatistics {
  const mean = tf.mean(x, 0) as tf.Tensor1D;
  const variance = tf.tidy(() => tf.mean(tf.square(tf.sub(x, mean)), 0)) as tf.Tensor1D;
  return { mean, variance };
}
