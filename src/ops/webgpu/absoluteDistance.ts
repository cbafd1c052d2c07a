import * as tf from '@tensorflow/tfjs-core';
import { ABSOLUTE_DISTANCE, ABSOLUTE_DISTANCE_GRADIENT, registerKernel } from '../kernels';
import { rowProgram } from './lines';

const flat = (tensor: tf.TensorInfo): tf.TensorInfo => ({
  ...tensor,
  shape: [1, tf.util.sizeFromShape(tensor.shape)],
});

registerKernel(ABSOLUTE_DISTANCE, 'webgpu', (inputs, attributes) => {
  const { a, b } = inputs;
  return rowProgram({
    key: 'absoluteDistance',
    inputs: { A: flat(a), B: b },
    outputs: [{ name: 'result', shape: [] }],
    floats: attributes,
    code: `
      var sum = 0.0;
      for (var j = lane; j < uniforms.width; j += LANES) { sum += abs(A[j] - B[j]); }
      result[0] = total(sum) * uniforms.factor;`,
  })[0];
});

registerKernel(ABSOLUTE_DISTANCE_GRADIENT, 'webgpu', (inputs, attributes) => {
  const { dy, a, b } = inputs;
  return rowProgram({
    key: 'absoluteDistanceGradient',
    inputs: { A: flat(a), B: b, Gradient: dy },
    outputs: [{ name: 'result', shape: a.shape }],
    floats: attributes,
    code: `
      for (var j = lane; j < uniforms.width; j += LANES) {
        result[j] = sign(A[j] - B[j]) * Gradient[0] * uniforms.factor;
      }`,
  })[0];
});
