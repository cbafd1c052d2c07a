import * as tf from '@tensorflow/tfjs-core';
import { hasKernel, runKernel, SUMS_OF_SQUARES } from './kernels';
import './wasm/sumsOfSquares';

/**
 * The factor that keeps gradients, seen as one vector, from being longer than `maxNorm`:
 * min(1, maxNorm / (norm + 1e-6)), as `torch.nn.utils.clip_grad_norm_` has it.
 */
export function clippingScale(gradients: tf.Tensor[], maxNorm: number): number {
  return tf.tidy(() => {
    let squares = 0;
    for (const gradient of gradients) for (const sum of sumsOfSquares(gradient).dataSync()) squares += sum;
    return Math.min(1, maxNorm / (Math.sqrt(squares) + 1e-6));
  });
}

function sumsOfSquares(x: tf.Tensor): tf.Tensor {
  return hasKernel(SUMS_OF_SQUARES) ? runKernel(SUMS_OF_SQUARES, { x }, {}) : tf.sum(tf.square(x));
}
