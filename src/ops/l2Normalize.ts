import * as tf from '@tensorflow/tfjs-core';
import { hasKernel, L2_NORMALIZE, L2_NORMALIZE_GRADIENT, registerGradient, runKernel } from './kernels';
import './webgpu/l2Normalize';

/** Rows of length 1: x / max(‖x‖₂, 1e-12) over the last axis, as PyTorch's `normalize`. */
export function l2Normalize(x: tf.Tensor): tf.Tensor {
  return hasKernel(L2_NORMALIZE) ? runKernel(L2_NORMALIZE, { x }, {}) : l2NormalizeComposition(x);
}

/** What `l2Normalize` means. */
export function l2NormalizeComposition(x: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const square = tf.maximum(tf.sum(tf.square(x), -1, true), 1e-24);
    return tf.mul(x, tf.rsqrt(square));
  });
}

registerGradient(L2_NORMALIZE, { inputs: ['x'] }, ([dy], [x]) => ({
  x: () => runKernel(L2_NORMALIZE_GRADIENT, { dy, x }, {}),
}));
