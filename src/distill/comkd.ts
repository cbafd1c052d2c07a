import * as tf from '@tensorflow/tfjs-core';
import type { Weights } from '../clip/weights';
import type { BatchNormStatistics } from '../ops/batchNorm';
import { eduAttention } from './eduattention';
import { ifAlign } from './ifalign';
import type { LossOptions } from './options';
import { project } from './projector';
import { refinement } from './refinement';

/** What the teacher says about a batch. */
export interface TeacherView {
  /** Image features, [batch, d], L2-normalised. */
  u_t: tf.Tensor;
  /** Text features, [texts, d], L2-normalised. */
  W: tf.Tensor;
  /** exp(logit_scale). */
  s: number;
}

/** The parts of the loss, unweighted scalars, and what else comes of the forward pass. */
export interface ComkdParts {
  mean: tf.Scalar;
  variance: tf.Scalar;
  kl: tf.Scalar;
  /** The student's logits, [batch, texts]. */
  q_s: tf.Tensor;
  /** The batch norm's statistics of this batch. */
  statistics: BatchNormStatistics;
}

/**
 * ComKD-CLIP's losses for one batch (arXiv 2408.04145): IFAlign, EduAttention and the refinement put together.
 *
 * @param x the student's image features, [batch, d_s], not normalised
 */
export function comkdParts(
  { u_t, W, s }: TeacherView,
  x: tf.Tensor,
  heads: Weights,
  loss: LossOptions,
): ComkdParts {
  const { features: u_s, statistics } = project(heads, x, true);
  const align = ifAlign(u_t, u_s, loss.reduction);
  const f_e = loss.eduAttention ? eduAttention(heads, u_s, W).features : u_s;
  const { q_s, loss: kl } = refinement(u_t, f_e, W, s, loss.temperature);
  return { ...align, kl, q_s, statistics };
}

/** L = w_KD · L_KD + w_align · (L_mean + L_var), of the parts that are switched on. */
export function comkdTotal({ kl, mean, variance }: ComkdParts, loss: LossOptions): tf.Scalar {
  return tf.tidy(() => {
    const parts: tf.Tensor[] = [];
    const add = (part: tf.Tensor, weight: number) => parts.push(weight === 1 ? part : tf.mul(part, weight));
    if (loss.refine) add(kl, loss.kdWeight);
    if (loss.ifAlign) {
      add(mean, loss.alignWeight);
      add(variance, loss.alignWeight);
    }
    return tf.addN(parts) as tf.Scalar;
  });
}
