import * as tf from '@tensorflow/tfjs-core';
import { SCALED_SOFTMAX, SCALED_SOFTMAX_GRADIENT } from '../kernels';
import { rowProgram } from './lines';

tf.registerKernel({
  kernelName: SCALED_SOFTMAX,
  backendName: 'webgpu',
  kernelFunc: ({ inputs, attrs }) =>
    rowProgram({
      key: 'scaledSoftmax',
      inputs: { X: inputs.x as tf.TensorInfo },
      floats: { ...(attrs as unknown as { scale: number }) },
      code: `
        var found = X[start];
        for (var j = lane; j < uniforms.width; j += LANES) { found = max(found, X[start + j]); }
        let most = largest(found);
        var exponentials = 0.0;
        for (var j = lane; j < uniforms.width; j += LANES) {
          exponentials += exp((X[start + j] - most) * uniforms.scale);
        }
        let share = 1.0 / total(exponentials);
        for (var j = lane; j < uniforms.width; j += LANES) {
          result[start + j] = exp((X[start + j] - most) * uniforms.scale) * share;
        }`,
    })[0],
});

/** dx = scale · y ⊙ (dy − Σ y·dy). */
tf.registerKernel({
  kernelName: SCALED_SOFTMAX_GRADIENT,
  backendName: 'webgpu',
  kernelFunc: ({ inputs, attrs }) =>
    rowProgram({
      key: 'scaledSoftmaxGradient',
      inputs: { Y: inputs.y as tf.TensorInfo, Gradient: inputs.dy as tf.TensorInfo },
      floats: { ...(attrs as unknown as { scale: number }) },
      code: `
        var products = 0.0;
        for (var j = lane; j < uniforms.width; j += LANES) { products += Y[start + j] * Gradient[start + j]; }
        let along = total(products);
        for (var j = lane; j < uniforms.width; j += LANES) {
          result[start + j] = uniforms.scale * Y[start + j] * (Gradient[start + j] - along);
        }`,
    })[0],
});
