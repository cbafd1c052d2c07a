import * as tf from '@tensorflow/tfjs-core';
import {
  BATCH_STATISTICS,
  BATCH_STATISTICS_GRADIENT,
  hasKernel,
  registerGradient,
  runKernel,
  runKernels,
} from './kernels';
import './webgpu/batchStatistics';

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
  if (!hasKernel(BATCH_STATISTICS)) return batchStatisticsComposition(x);
  const [mean, variance] = runKernels(BATCH_STATISTICS, { x }, {}) as tf.Tensor1D[];
  return { mean, variance };
}

/** What `batchStatistics` means. */
export function batchStatisticsComposition(x: tf.Tensor): BatchStatistics {
  const mean = tf.mean(x, 0) as tf.Tensor1D;
  const variance = tf.tidy(() => tf.mean(tf.square(tf.sub(x, mean)), 0)) as tf.Tensor1D;
  return { mean, variance };
}

registerGradient(
  BATCH_STATISTICS,
  { inputs: ['x'], outputs: [true, false] },
  ([dMean, dVariance], [x, mean]) => ({
    x: () => runKernel(BATCH_STATISTICS_GRADIENT, { dMean, dVariance, x, mean }, {}),
  }),
);
