import * as tf from '@tensorflow/tfjs-core';
import { linear } from '../ops/linear';
import { softmaxKL } from '../ops/softmaxKL';

/**
 * Refinement by the teacher's fusion result: L_KD = τ² · KL(softmax(q_t/τ) ‖ softmax(q_s/τ)), averaged over the batch.
 *
 * @param u_t the teacher's image features, [batch, d], L2-normalised
 * @param f_e the student's, after EduAttention
 * @param W the teacher's text features, [texts, d], L2-normalised
 * @param s exp(the teacher's logit_scale)
 */
export function refinement(
  u_t: tf.Tensor,
  f_e: tf.Tensor,
  W: tf.Tensor,
  s: number,
  temperature: number,
): tf.Scalar {
  return tf.tidy(() => {
    return softmaxKL(linear(u_t, W), linear(f_e, W), temperature, s);
  });
}

/** How alike images and texts are: q = s · features Wᵀ, [batch, texts]. */
export function logits(features: tf.Tensor, W: tf.Tensor, s: number): tf.Tensor {
  return tf.tidy(() => linear(features, tf.mul(W, s)));
}
