import * as tf from '@tensorflow/tfjs-core';
import { linear } from './linear';
import { patches } from './patches';

/**
 * A ViT's patch embedding: a convolution with kernel = stride = patchSize, as one matrix product over the patches.
 *
 * @param pixels [batch, 3, size, size]
 * @param weight [width, 3, patchSize, patchSize]
 * @param bias [width]
 * @returns [batch, ⌊size / patchSize⌋², width], patches row by row
 */
export function patchEmbedding(pixels: tf.Tensor, weight: tf.Tensor, bias?: tf.Tensor): tf.Tensor {
  return tf.tidy(() => linear(patches(pixels, weight.shape[2] as number), flatPatchWeight(weight), bias));
}

/** [width, 3, patchSize, patchSize] as [width, 3 patchSize²]. */
export const flatPatchWeight = (weight: tf.Tensor): tf.Tensor => tf.reshape(weight, [weight.shape[0], -1]);
