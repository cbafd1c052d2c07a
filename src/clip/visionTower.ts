import * as tf from '@tensorflow/tfjs-core';
import { embedTokens } from '../ops/embedTokens';
import { layerNorm } from '../ops/layerNorm';
import { linear } from '../ops/linear';
import { patchEmbedding } from '../ops/patchEmbedding';
import { attentionPool } from './attentionPool';
import type { ClipConfig, VisionConfig, VisionForm } from './config';
import { type EncoderOptions, encoder, layerPrompts } from './encoder';
import { patchGrid } from './shapes';
import type { Weights } from './weights';

export interface ImageOptions extends Pick<EncoderOptions, 'recompute'> {
  /** Deep visual prompts [depth, n, width]: appended after the patch tokens, replaced in each deeper layer. */
  prompts?: tf.Tensor3D;
}

/**
 * CLIP's image tower f_I (Radford et al. 2021): a ViT whose class token is projected; what other families have in these
 * places, `VisionForm` says.
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
    const firstToken = vision.form.pooling === 'class token';
    const encoded = encoder(weights, 'vision_model', vision, tokens, {
      causal: false,
      prompts,
      recompute,
      firstToken,
      evaGrid: evaGrid(vision),
    });
    const [batch, , width] = encoded.shape;
    const normed = norm(weights, vision, 'post_layernorm', encoded);
    const pooled = firstToken ? tf.reshape(normed, [batch, width]) : attentionPool(weights, vision, normed);
    if (!vision.form.hasProjection) return pooled as tf.Tensor2D;
    const bias = vision.form.hasProjectionBias ? weights['visual_projection.bias'] : undefined;
    return linear(pooled, weights['visual_projection.weight'], bias) as tf.Tensor2D;
  });
}

/** As the option of `encoder`. */
export const evaGrid = (vision: VisionConfig) =>
  vision.form.layers === 'EVA-02' ? patchGrid(vision) : undefined;

/** What the first layer gets: class token, patches and layer 0's prompts, [batch, tokens + n, width]. */
export function imageTokens(
  weights: Weights,
  vision: VisionConfig,
  pixels: tf.Tensor,
  prompts?: tf.Tensor3D,
): tf.Tensor {
  const embedded = embedPatches(weights, vision.form, pixels, prompts);
  return vision.form.hasPreNorm ? norm(weights, vision, 'pre_layrnorm', embedded) : embedded;
}

export function norm(
  weights: Weights,
  { layerNormEps }: VisionConfig,
  name: string,
  x: tf.Tensor,
): tf.Tensor {
  const own = `vision_model.${name}`;
  return layerNorm(x, weights[`${own}.weight`], weights[`${own}.bias`], layerNormEps);
}

/** Class token, patches and layer 0's prompts: [batch, tokens + n, width]. Prompts get no position. */
function embedPatches(
  weights: Weights,
  { hasClassToken }: VisionForm,
  pixels: tf.Tensor,
  prompts?: tf.Tensor3D,
): tf.Tensor {
  const weight = (name: string) => weights[`vision_model.embeddings.${name}`];
  const positions = weight('position_embedding.weight');
  const convolution = { weight: weight('patch_embedding.weight'), bias: weight('patch_embedding.bias') };
  const embedded = hasClassToken
    ? embedTokens(pixels, { classEmbedding: weight('class_embedding'), positions, ...convolution })
    : tf.add(patchEmbedding(pixels, convolution.weight, convolution.bias), positions);
  return prompts ? tf.concat([embedded, layerPrompts(prompts, 0, pixels.shape[0])], 1) : embedded;
}
