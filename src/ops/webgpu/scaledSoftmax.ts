import { registerKernel, SCALED_SOFTMAX, SCALED_SOFTMAX_GRADIENT } from '../kernels';
import { rowProgram } from './lines';

registerKernel(
  SCALED_SOFTMAX,
  'webgpu',
  (inputs, attributes) =>
    rowProgram({
      key: 'scaledSoftmax',
      inputs: { X: inputs.x },
      floats: attributes,
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
);

/** dx = scale · y ⊙ (dy − Σ y·dy). */
registerKernel(
  SCALED_SOFTMAX_GRADIENT,
  'webgpu',
  (inputs, attributes) =>
    rowProgram({
      key: 'scaledSoftmaxGradient',
      inputs: { Y: inputs.y, Gradient: inputs.dy },
      floats: attributes,
      code: `
      var products = 0.0;
      for (var j = lane; j < uniforms.width; j += LANES) { products += Y[start + j] * Gradient[start + j]; }
      let along = total(products);
      for (var j = lane; j < uniforms.width; j += LANES) {
        result[start + j] = uniforms.scale * Y[start + j] * (Gradient[start + j] - along);
      }`,
    })[0],
);
