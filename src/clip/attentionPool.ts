import * as tf from '@tensorflow/tfjs-core';
import { expandBatch } from '../ops/expandBatch';
import { layerNormAround } from '../ops/layerNorm';
import { linear } from '../ops/linear';
import { mlp } from '../ops/mlp';
import type { VisionConfig } from './config';
import type { Weights } from './weights';

/** Where its tensors are. */
const HEAD = 'vision_model.head';

/**
 * Attention pooling (SigLIP; Zhai et al. 2022, “Scaling vision transformers”): a learnt query looks at all tokens, and a
 * two-layer perceptron follows.
 *
 * @param tokens [batch, tokens, width], normed
 * @returns [batch, width]
 */
export function attentionPool(weights: Weights, vision: VisionConfig, tokens: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const weight = (name: string) => weights[`${HEAD}.${name}`];
    const [batch, , width] = tokens.shape as [number, number, number];
    const { attention, values } = look(weights, vision, tokens);
    const mixed = tf.reshape(tf.matMul(attention, values), [batch, width]);
    const pooled = linear(mixed, weight('attention.out_proj.weight'), weight('attention.out_proj.bias'));
    const { normed, around } = layerNormAround(
      pooled,
      weight('layernorm.weight'),
      weight('layernorm.bias'),
      vision.layerNormEps,
    );
    const [first, second] = ['mlp.fc1', 'mlp.fc2'].map((name) => ({
      weight: weight(`${name}.weight`),
      bias: weight(`${name}.bias`),
    }));
    return mlp(normed, first, second, vision.hiddenAct, around);
  });
}

/** Where the query looks, the mean over the heads, [batch, tokens]. */
export function poolAttention(weights: Weights, vision: VisionConfig, tokens: tf.Tensor): tf.Tensor2D {
  return tf.tidy(() => {
    const [batch, count] = tokens.shape as [number, number, number];
    return tf.reshape(tf.mean(look(weights, vision, tokens).attention, 1), [batch, count]);
  });
}

/** The query's attention, [batch, heads, 1, tokens], and what it looks at, [batch, heads, tokens, headSize]. */
function look(weights: Weights, { numAttentionHeads: heads }: VisionConfig, tokens: tf.Tensor) {
  const [batch, count, width] = tokens.shape as [number, number, number];
  const headSize = width / heads;
  const weight = weights[`${HEAD}.attention.in_proj_weight`];
  const bias = weights[`${HEAD}.attention.in_proj_bias`];
  const projected = (x: tf.Tensor, third: number, thirds: number) =>
    linear(
      x,
      tf.slice(weight, [third * width, 0], [thirds * width, width]),
      tf.slice(bias, [third * width], [thirds * width]),
    );
  const query = tf.reshape(projected(weights[`${HEAD}.probe`], 0, 1), [1, heads, 1, headSize]);
  const both = tf.reshape(projected(tokens, 1, 2), [batch, count, 2, heads, headSize]);
  const [keys, values] = tf.unstack(tf.transpose(both, [2, 0, 3, 1, 4]));
  const scores = tf.matMul(expandBatch(query, batch), keys, false, true);
  return { attention: tf.softmax(tf.mul(scores, headSize ** -0.5)), values };
}
