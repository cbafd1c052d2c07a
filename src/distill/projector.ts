import * as tf from '@tensorflow/tfjs-core';
import type { Weights } from '../clip/weights';
import { type BatchNormStatistics, batchNorm, batchNormRelu } from '../ops/batchNorm';
import { batchStatistics } from '../ops/batchStatistics';
import { l2Normalize } from '../ops/l2Normalize';
import { linear } from '../ops/linear';
import { RUNNING_MEAN, RUNNING_VARIANCE } from './heads';

export interface Projected {
  /** u_s, [batch, d], L2-normalised. */
  features: tf.Tensor;
  /** What the batch norm normalised with, both [d]: the batch's own statistics while training, else the running ones. */
  statistics: BatchNormStatistics;
}

/**
 * The projector P into the teacher's feature space: Linear(d_s → d), BatchNorm, ReLU, Linear(d → d), then L2 normalisation.
 *
 * @param x the student's image features, [batch, d_s], not normalised
 */
export function project(heads: Weights, x: tf.Tensor, training: boolean): Projected {
  const hidden = linear(x, heads['projector.fc1.weight'], heads['projector.fc1.bias']);
  const weight = heads['projector.bn.weight'];
  const bias = heads['projector.bn.bias'];
  const statistics = training
    ? batchStatistics(hidden)
    : { mean: heads[RUNNING_MEAN], variance: heads[RUNNING_VARIANCE] };
  const active = training
    ? batchNormRelu(hidden, weight, bias)
    : tf.relu(batchNorm(hidden, statistics, weight, bias));
  const out = linear(active, heads['projector.fc2.weight'], heads['projector.fc2.bias']);
  return { features: l2Normalize(out), statistics };
}
