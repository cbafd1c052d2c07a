import * as tf from '@tensorflow/tfjs-core';
import { assembleTokens } from '../ops/assembleTokens';
import { layerNorm } from '../ops/layerNorm';
import { linear } from '../ops/linear';
import { patchEmbedding } from '../ops/patchEmbedding';
import type { ClipConfig, VisionConfig } from './config';
import { type EncoderOptions, encoder, layerPrompts } from './encoder';
import type { Weights } from './weights';

export interface ImageOptions extends Pick<EncoderOptions, 'recompute'> {
  /** Deep visual prompts [depth, n, width]: appended after the patch tokens, replaced in each deeper layer. */
  prompts?: tf.Tensor3D;
}

/**
 * CLIP's image tower f_I (Radford et al. 2021): a ViT whose class token is projected.
 *
 * @param pixels [batch, 3, size, size], normalised
 * @returns features, not normalised, [batch, projectionDim]
 */
export function imageFeatures(
  weights: Weights,
  { vision }: ClipConfig,
  pixels: tf.Tensor,
  { prompts, recompute }: ImageOptions = {},
): tf.Tensor2D {
  return tf.tidy(() => {
    const tokens = imageTokens(weights, vision, pixels, prompts);
    const encoded = encoder(weights, 'vision_model', vision, tokens, {
      causal: false,
      prompts,
      recompute,
      firstToken: true,
    });
    const [batch, , width] = encoded.shape;
    const classToken = tf.reshape(encoded, [batch, width]);
    const normed = norm(weights, vision, 'post_layernorm', classToken);
    return linear(normed, weights['visual_projection.weight']) as tf.Tensor2D;
  });
}

/** What the first layer gets: class token, patches and layer 0's prompts, [batch, 1 + grid² + n, width]. */
export function imageTokens(
  weights: Weights,
  vision: VisionConfig,
  pixels: tf.Tensor,
  prompts?: tf.Tensor3D,
): tf.Tensor {
  return norm(weights, vision, 'pre_layrnorm', embedPatches(weights, pixels, prompts));
}

function norm(weights: Weights, { layerNormEps }: VisionConfig, name: string, x: tf.Tensor): tf.Tensor {
  const own = `vision_model.${name}`;
  return layerNorm(x, weights[`${own}.weight`], weights[`${own}.bias`], layerNormEps);
}

/** Class token, patches and layer 0's prompts: [batch, 1 + grid² + n, width]. Prompts get no position. */
function embedPatches(weights: Weights, pixels: tf.Tensor, prompts?: tf.Tensor3D): tf.Tensor {
  const weight = (name: string) => weights[`vision_model.embeddings.${name}`];
  const patches = patchEmbedding(pixels, weight('patch_embedding.weight'));
  const embedded = assembleTokens(weight('class_embedding'), patches, weight('position_embedding.weight'));
  return prompts ? tf.concat([embedded, layerPrompts(prompts, 0, pixels.shape[0])], 1) : embedded;
}
