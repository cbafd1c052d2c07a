import * as tf from '@tensorflow/tfjs-core';
import { attentionKernel } from './webgpu/attention';

/**
 * Multi-head attention: softmax(q kᵀ / √headSize) v for each head, heads side by side (Vaswani et al. 2017).
 *
 * @param q, k, v [batch, tokens, width]
 * @param causal a token sees only itself and those before it
 * @returns [batch, tokens, width]
 */
export function attention(
  q: tf.Tensor,
  k: tf.Tensor,
  v: tf.Tensor,
  heads: number,
  causal: boolean,
): tf.Tensor {
  return attentionKernel(q, k, v, heads, causal) ?? attentionComposition(q, k, v, heads, causal);
}

/** What `attention` means. */
export function attentionComposition(
  q: tf.Tensor,
  k: tf.Tensor,
  v: tf.Tensor,
  heads: number,
  causal: boolean,
): tf.Tensor {
  return tf.tidy(() => {
    const [batch, tokens, width] = q.shape;
    const headSize = width / heads;
    const split = (x: tf.Tensor) =>
      tf.transpose(tf.reshape(x, [batch, tokens, heads, headSize]), [0, 2, 1, 3]);
    let scores: tf.Tensor = tf.mul(tf.matMul(split(q), split(k), false, true), headSize ** -0.5);
    if (causal) scores = tf.add(scores, causalMask(tokens));
    const mixed = tf.matMul(tf.softmax(scores), split(v));
    return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, tokens, width]);
  });
}

/** [tokens, tokens]: 0 where a token may look, a number that softmax turns into 0 where it may not. */
function causalMask(tokens: number): tf.Tensor {
  const mask = new Float32Array(tokens * tokens);
  for (let row = 0; row < tokens; row++) mask.fill(-1e9, row * tokens + row + 1, (row + 1) * tokens);
  return tf.tensor(mask, [tokens, tokens]);
}
