import * as tf from '@tensorflow/tfjs-core';
import { absoluteDistance } from '../ops/absoluteDistance';
import { batchStatistics } from '../ops/batchStatistics';

export interface AlignLosses {
  /** L_mean, a scalar. */
  mean: tf.Scalar;
  /** L_var, a scalar. */
  variance: tf.Scalar;
}

/**
 * IFAlign: the student's image features shall have the teacher's distribution over the batch.
 * L_mean = mean_d |μ_s − μ_t|, L_var = mean_d |σ²_s − σ²_t|, with the population variance (or sums over d).
 *
 * @param u_t, u_s [batch, d], L2-normalised
 */
export function ifAlign(u_t: tf.Tensor, u_s: tf.Tensor, reduction: 'mean' | 'sum'): AlignLosses {
  return tf.tidy(() => {
    const teacher = batchStatistics(u_t);
    const student = batchStatistics(u_s);
    return {
      mean: absoluteDistance(student.mean, teacher.mean, reduction),
      variance: absoluteDistance(student.variance, teacher.variance, reduction),
    };
  });
}
