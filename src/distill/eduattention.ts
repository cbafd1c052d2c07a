import * as tf from '@tensorflow/tfjs-core';
import type { Weights } from '../clip/weights';
import { blend } from '../ops/blend';
import { linear } from '../ops/linear';
import { product } from '../ops/product';
import { scaledSoftmax } from '../ops/scaledSoftmax';

export interface EduAttended {
  /** f_e, [batch, d], L2-normalised. */
  features: tf.Tensor;
  /** softmax(QKᵀ/√C), [batch, texts]. */
  weights: tf.Tensor;
}

/**
 * EduAttention: the student's image features attend to the teacher's text features.
 * Q = u_s W_Q + b_Q, K = W W_K + b_K, V = W W_V + b_V; f_att = softmax(QKᵀ/√C) V; f_e = normalise(α f_att + u_s).
 *
 * @param heads holds `edu.{q,k}` (d → C), `edu.v` (d → d) and the scalar `edu.alpha`
 * @param u_s [batch, d], L2-normalised
 * @param W the teacher's text features, [texts, d], L2-normalised
 */
export function eduAttention(heads: Weights, u_s: tf.Tensor, W: tf.Tensor): EduAttended {
  return tf.tidy(() => {
    const Q = linear(u_s, heads['edu.q.weight'], heads['edu.q.bias']);
    const K = linear(W, heads['edu.k.weight'], heads['edu.k.bias']);
    const V = linear(W, heads['edu.v.weight'], heads['edu.v.bias']);
    const C = K.shape[1] as number;
    const weights = scaledSoftmax(linear(Q, K), C ** -0.5);
    return { features: blend(u_s, product(weights, V), heads['edu.alpha']), weights };
  });
}
