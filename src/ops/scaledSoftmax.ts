import * as tf from '@tensorflow/tfjs-core';
import { hasKernel, registerGradient, runKernel, SCALED_SOFTMAX, SCALED_SOFTMAX_GRADIENT } from './kernels';
import './webgpu/scaledSoftmax';

/** softmax(scale · x) over the last axis. */
export function scaledSoftmax(x: tf.Tensor, scale: number): tf.Tensor {
  return hasKernel(SCALED_SOFTMAX)
    ? runKernel(SCALED_SOFTMAX, { x }, { scale })
    : scaledSoftmaxComposition(x, scale);
}

/** What `scaledSoftmax` means. */
export function scaledSoftmaxComposition(x: tf.Tensor, scale: number): tf.Tensor {
  return tf.tidy(() => tf.softmax(tf.mul(x, scale)));
}

registerGradient(SCALED_SOFTMAX, { outputs: [true] }, ([dy], [y], attributes) => ({
  x: () => runKernel(SCALED_SOFTMAX_GRADIENT, { dy, y }, attributes),
}));
