import * as tf from '@tensorflow/tfjs-core';
import { ABSOLUTE_DISTANCE, ABSOLUTE_DISTANCE_GRADIENT } from '../kernels';
import { rowProgram } from './lines';

const flat = (tensor: tf.TensorInfo): tf.TensorInfo => ({
  ...tensor,
  shape: [1, tf.util.sizeFromShape(tensor.shape)],
});

tf.registerKernel({
  kernelName: ABSOLUTE_DISTANCE,
  backendName: 'webgpu',
  kernelFunc: ({ inputs, attrs }) => {
    const { a, b } = inputs as Record<'a' | 'b', tf.TensorInfo>;
    return rowProgram({
      key: 'absoluteDistance',
      inputs: { A: flat(a), B: b },
      outputs: [{ name: 'result', shape: [] }],
      floats: { ...(attrs as unknown as { factor: number }) },
      code: `
        var sum = 0.0;
        for (var j = lane; j < uniforms.width; j += LANES) { sum += abs(A[j] - B[j]); }
        result[0] = total(sum) * uniforms.factor;`,
    })[0];
  },
});

tf.registerKernel({
  kernelName: ABSOLUTE_DISTANCE_GRADIENT,
  backendName: 'webgpu',
  kernelFunc: ({ inputs, attrs }) => {
    const { dy, a, b } = inputs as Record<'dy' | 'a' | 'b', tf.TensorInfo>;
    return rowProgram({
      key: 'absoluteDistanceGradient',
      inputs: { A: flat(a), B: b, Gradient: dy },
      outputs: [{ name: 'result', shape: a.shape }],
      floats: { ...(attrs as unknown as { factor: number }) },
      code: `
        for (var j = lane; j < uniforms.width; j += LANES) {
          result[j] = sign(A[j] - B[j]) * Gradient[0] * uniforms.factor;
        }`,
    })[0];
  },
});
