import type * as tf from '@tensorflow/tfjs-core';

/**
 * The factor that keeps gradients, seen as one vector, from being longer than `maxNorm`:
 * min(1, maxNorm / (norm + 1e-6)), as `torch.nn.utils.clip_grad_norm_` has it.
 */
export function clippingScale(gradients: tf.Tensor[], maxNorm: number): number {
  let squares = 0;
  for (const gradient of gradients) for (const g of gradient.dataSync()) squares += g * g;
  return Math.min(1, maxNorm / (Math.sqrt(squares) + 1e-6));
}
