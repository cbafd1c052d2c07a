import * as tf from '@tensorflow/tfjs-core';
import { hasKernel, PATCHES, runKernel } from './kernels';
import './webgpu/patches';

/**
 * An image's patches, row by row; what is left over at the right and below belongs to none. No gradient flows into
 * pixels.
 *
 * @param pixels [batch, 3, size, size]
 * @returns [batch, ⌊size / patchSize⌋², 3 patchSize²]
 */
export function patches(pixels: tf.Tensor, patchSize: number): tf.Tensor {
  return hasKernel(PATCHES)
    ? runKernel(PATCHES, { pixels }, { patchSize })
    : patchesComposition(pixels, patchSize);
}

/** What `patches` means. */
export function patchesComposition(pixels: tf.Tensor, patchSize: number): tf.Tensor {
  return tf.tidy(() => {
    const [batch, channels, size] = pixels.shape;
    const grid = Math.floor(size / patchSize);
    const used = grid * patchSize;
    const whole = used === size ? pixels : tf.slice(pixels, [0, 0, 0, 0], [batch, channels, used, used]);
    const byPatch = tf.transpose(
      tf.reshape(whole, [batch, channels, grid, patchSize, grid, patchSize]),
      [0, 2, 4, 1, 3, 5],
    );
    return tf.reshape(byPatch, [batch, grid * grid, channels * patchSize * patchSize]);
  });
}
