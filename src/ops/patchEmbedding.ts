import * as tf from '@tensorflow/tfjs-core';
import { linear } from './linear';

/**
 * A ViT's patch embedding: a convolution with kernel = stride = patchSize, as one matrix product over the patches.
 *
 * @param pixels [batch, 3, size, size]
 * @param weight [width, 3, patchSize, patchSize]
 * @param bias [width]
 * @returns [batch, ⌊size / patchSize⌋², width], patches row by row
 */
export function patchEmbedding(pixels: tf.Tensor, weight: tf.Tensor, bias?: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const [batch, channels, size] = pixels.shape;
    const [width, , patchSize] = weight.shape;
    const grid = Math.floor(size / patchSize);
    const used = grid * patchSize;
    const whole = used === size ? pixels : tf.slice(pixels, [0, 0, 0, 0], [batch, channels, used, used]);
    const patches = tf.transpose(
      tf.reshape(whole, [batch, channels, grid, patchSize, grid, patchSize]),
      [0, 2, 4, 1, 3, 5],
    );
    const area = channels * patchSize * patchSize;
    return linear(tf.reshape(patches, [batch, grid * grid, area]), tf.reshape(weight, [width, area]), bias);
  });
}
