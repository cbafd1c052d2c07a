import * as tf from '@tensorflow/tfjs-core';
import {
  BLEND,
  BLEND_GRADIENT,
  gradientsTogether,
  hasKernel,
  registerGradient,
  runKernel,
  runKernels,
} from './kernels';
import { l2NormalizeComposition } from './l2Normalize';
import './webgpu/blend';

/**
 * Rows of α · a + u, of length 1.
 *
 * @param u, a [batch, d]
 * @param alpha α, a scalar
 */
export function blend(u: tf.Tensor, a: tf.Tensor, alpha: tf.Tensor): tf.Tensor {
  return hasKernel(BLEND) ? runKernel(BLEND, { u, a, alpha }, {}) : blendComposition(u, a, alpha);
}

/** What `blend` means. */
export function blendComposition(u: tf.Tensor, a: tf.Tensor, alpha: tf.Tensor): tf.Tensor {
  return tf.tidy(() => l2NormalizeComposition(tf.add(tf.mul(a, alpha), u)));
}

registerGradient(BLEND, { inputs: ['u', 'a', 'alpha'] }, ([dy], [u, a, alpha]) => {
  const [du, da, dAlpha] = gradientsTogether(3, () => runKernels(BLEND_GRADIENT, { dy, u, a, alpha }, {}));
  return { u: du, a: da, alpha: dAlpha };
});
