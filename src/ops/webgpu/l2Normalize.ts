import * as tf from '@tensorflow/tfjs-core';
import { rowProgram } from './lines';
import { onWebGPU, toTensor } from './program';

/** L2 normalisation of rows on WebGPU: one dispatch forward, one backward. */
const KERNEL = 'ClipL2Normalize';

/** The kernel, or undefined on other backends. */
export function l2NormalizeKernel(x: tf.Tensor): tf.Tensor | undefined {
  return onWebGPU() ? (tf.engine().runKernel(KERNEL, { x }) as tf.Tensor) : undefined;
}

/** Leaves `scale` = 1 / max(‖x‖, 1e-12) of this thread's row. */
const LENGTH = `
  var square = 0.0;
  for (var j = 0; j < uniforms.width; j = j + 1) { square += X[start + j] * X[start + j]; }
  let scale = inverseSqrt(max(square, 1e-24));`;

tf.registerKernel({
  kernelName: KERNEL,
  backendName: 'webgpu',
  kernelFunc: ({ inputs }) => {
    const code =
      'for (var j = 0; j < uniforms.width; j = j + 1) { result[start + j] = X[start + j] * scale; }';
    return rowProgram('l2Normalize', { X: inputs.x as tf.TensorInfo }, LENGTH + code);
  },
});

/** With y = x scale: dx = scale (dy − y Σ y·dy). */
const GRADIENT = `
  var along = 0.0;
  for (var j = 0; j < uniforms.width; j = j + 1) { along += X[start + j] * scale * Gradient[start + j]; }
  for (var j = 0; j < uniforms.width; j = j + 1) {
    result[start + j] = scale * (Gradient[start + j] - X[start + j] * scale * along);
  }`;

tf.registerGradient({
  kernelName: KERNEL,
  inputsToSave: ['x'],
  gradFunc: (dy, [x]) => ({
    x: () =>
      toTensor(rowProgram('l2NormalizeGradient', { X: x, Gradient: dy as tf.Tensor }, LENGTH + GRADIENT)),
  }),
});
