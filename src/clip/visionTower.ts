import * as tf from '@tensorflow/tfjs-core';
import { expandBatch } from '../ops/expandBatch';
import { layerNorm } from '../ops/layerNorm';
import { linear } from '../ops/linear';
import { patchEmbedding } from '../ops/patchEmbedding';
import type { ClipConfig } from './config';
import { encoder, layerPrompts } from './encoder';
import type { Weights } from './weights';

/**
 * CLIP's image tower f_I (Radford et al. 2021): a ViT whose class token is projected.
 *
 * @param pixels [batch, 3, size, size], normalised
 * @param prompts deep visual prompts [depth, n, width]: appended after the patch tokens, replaced in each deeper layer
 * @returns features, not normalised, [batch, projectionDim]
 */
export function imageFeatures(
  weights: Weights,
  { vision }: ClipConfig,
  pixels: tf.Tensor,
  prompts?: tf.Tensor3D,
): tf.Tensor2D {
  return tf.tidy(() => {
    const norm = (name: string, x: tf.Tensor) =>
      layerNorm(
        x,
        weights[`vision_model.${name}.weight`],
        weights[`vision_model.${name}.bias`],
        vision.layerNormEps,
      );
    const tokens = norm('pre_layrnorm', embedPatches(weights, pixels, prompts));
    const encoded = encoder(weights, 'vision_model', vision, tokens, {
      causal: false,
      prompts,
      firstToken: true,
    });
    const [batch, , width] = encoded.shape;
    const classToken = tf.reshape(encoded, [batch, width]);
    return linear(norm('post_layernorm', classToken), weights['visual_projection.weight']) as tf.Tensor2D;
  });
}

/** Class token, patches and layer 0's prompts: [batch, 1 + grid² + n, width]. Prompts get no position. */
function embedPatches(weights: Weights, pixels: tf.Tensor, prompts?: tf.Tensor3D): tf.Tensor {
  const patches = patchEmbedding(pixels, weights['vision_model.embeddings.patch_embedding.weight']);
  const [batch, , width] = patches.shape;
  const classEmbedding = tf.reshape(weights['vision_model.embeddings.class_embedding'], [1, 1, width]);
  const classTokens = expandBatch(classEmbedding, batch);
  const positions = weights['vision_model.embeddings.position_embedding.weight'];
  const embedded = tf.add(tf.concat([classTokens, patches], 1), positions);
  return prompts ? tf.concat([embedded, layerPrompts(prompts, 0, batch)], 1) : embedded;
}
