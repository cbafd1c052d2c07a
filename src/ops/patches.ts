import * as tf from '@tensorflow/tfjs-core';
import { hasKernel, PATCHES, runKernel } from './kernels';
import './webgpu/patches';

/**
 * An image's patches, row by row; what is left over at the right and below belongs to none. No gradient flows into
 * pixels.
 *
 * @param pixels [batch, 3, size, size]
 * @param afterClassRow each image's begin with a row of zeros, in the class token's place
 * @returns [batch, ⌊size / patchSize⌋², 3 patchSize²], or one row more
 */
export function patches(pixels: tf.Tensor, patchSize: number, afterClassRow = false): tf.Tensor {
  return hasKernel(PATCHES)
    ? runKernel(PATCHES, { pixels }, { patchSize, afterClassRow })
    : patchesComposition(pixels, patchSize, afterClassRow);
}

/** What `patches` means. */
export function patchesComposition(pixels: tf.Tensor, patchSize: number, afterClassRow = false): tf.Tensor {
  return tf.tidy(() => {
    const [batch, channels, size] = pixels.shape;
    const grid = Math.floor(size / patchSize);
    const used = grid * patchSize;
    const whole = used === size ? pixels : tf.slice(pixels, [0, 0, 0, 0], [batch, channels, used, used]);
    const byPatch = tf.transpose(
      tf.reshape(whole, [batch, channels, grid, patchSize, grid, patchSize]),
      [0, 2, 4, 1, 3, 5],
    );
    const area = channels * patchSize * patchSize;
    const rows = tf.reshape(byPatch, [batch, grid * grid, area]);
    return afterClassRow ? tf.concat([tf.zeros([batch, 1, area]), rows], 1) : rows;
  });
}
