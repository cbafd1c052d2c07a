import * as tf from '@tensorflow/tfjs-core';
import { layerNorm } from '../ops/layerNorm';
import { poolAttention } from './attentionPool';
import type { ClipConfig } from './config';
import { encoder, queriesKeysValues, replacePrompts } from './encoder';
import { evaGrid, imageTokens, norm } from './visionTower';
import type { Weights } from './weights';

/**
 * Where the image tower's class token looks in the last layer, the one whose attention goes into the features; with
 * attention pooling, where that looks.
 *
 * @param pixels [batch, 3, size, size], normalised
 * @param prompts deep visual prompts, as for `imageFeatures`
 * @returns softmax(q kᵀ / √headSize) of the class token or the query, the mean over the heads, [batch, tokens]
 */
export function classAttention(
  weights: Weights,
  { vision }: ClipConfig,
  pixels: tf.Tensor,
  prompts?: tf.Tensor3D,
): tf.Tensor2D {
  return tf.tidy(() => {
    const tokens = imageTokens(weights, vision, pixels, prompts);
    if (vision.form.pooling === 'attention') {
      const encoded = encoder(weights, 'vision_model', vision, tokens, { causal: false, prompts });
      return poolAttention(weights, vision, norm(weights, vision, 'post_layernorm', encoded));
    }
    const last = vision.numHiddenLayers - 1;
    const layer = `vision_model.encoder.layers.${last}`;
    let x = encoder(weights, 'vision_model', { ...vision, numHiddenLayers: last }, tokens, {
      causal: false,
      prompts,
      evaGrid: evaGrid(vision),
    });
    if (prompts && last > 0 && last < prompts.shape[0]) x = replacePrompts(x, prompts, last);
    const weight = (name: string) => weights[`${layer}.${name}`];
    const normed = layerNorm(
      x,
      weight('layer_norm1.weight'),
      weight('layer_norm1.bias'),
      vision.layerNormEps,
    );
    const qkv = queriesKeysValues(weights, layer, vision, normed, evaGrid(vision));
    const [batch, count, threeWidths] = qkv.shape as [number, number, number];
    const heads = vision.numAttentionHeads;
    const headSize = threeWidths / (3 * heads);
    const byHead = tf.transpose(tf.reshape(qkv, [batch, count, 3, heads, headSize]), [2, 0, 3, 1, 4]);
    const [q, k] = tf.unstack(byHead);
    const classQuery = tf.slice(q, [0, 0, 0, 0], [batch, heads, 1, headSize]);
    const scores = tf.mul(tf.matMul(classQuery, k, false, true), headSize ** -0.5);
    return tf.reshape(tf.mean(tf.softmax(scores), 1), [batch, count]);
  });
}
