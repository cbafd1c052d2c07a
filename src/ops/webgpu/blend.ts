import * as tf from '@tensorflow/tfjs-core';
import { BLEND, BLEND_GRADIENT, registerKernel } from '../kernels';
import { columnProgram, rowProgram } from './lines';

/** Leaves α and `scale` = 1 / max(‖α a + u‖, 1e-12) of this row. */
const LENGTH = `
  let alpha = Alpha[0];
  var squares = 0.0;
  for (var j = lane; j < uniforms.width; j += LANES) {
    let sum = alpha * A[start + j] + U[start + j];
    squares += sum * sum;
  }
  let scale = inverseSqrt(max(total(squares), 1e-24));`;

registerKernel(
  BLEND,
  'webgpu',
  ({ u, a, alpha }) =>
    rowProgram({
      key: 'blend',
      inputs: { U: u, A: a, Alpha: alpha },
      code: `${LENGTH}
      for (var j = lane; j < uniforms.width; j += LANES) {
        result[start + j] = (alpha * A[start + j] + U[start + j]) * scale;
      }`,
    })[0],
);

/** With y = scale (α a + u): du = scale (dy − y Σ y·dy), da = α du, dα = Σ du·a over rows and columns. */
registerKernel(BLEND_GRADIENT, 'webgpu', ({ dy, u, a, alpha }) => {
  const { shape } = u;
  const [du, da, products] = rowProgram({
    key: 'blendGradient',
    inputs: { U: u, A: a, Alpha: alpha, Gradient: dy },
    outputs: [
      { name: 'du', shape },
      { name: 'da', shape },
      { name: 'products', shape: [shape[0], 1] },
    ],
    code: `${LENGTH}
      var along = 0.0;
      for (var j = lane; j < uniforms.width; j += LANES) {
        along += (alpha * A[start + j] + U[start + j]) * Gradient[start + j];
      }
      let share = total(along) * scale * scale;
      var product = 0.0;
      for (var j = lane; j < uniforms.width; j += LANES) {
        let sum = alpha * A[start + j] + U[start + j];
        let d = scale * (Gradient[start + j] - sum * share);
        du[start + j] = d;
        da[start + j] = alpha * d;
        product += d * A[start + j];
      }
      products[row] = total(product);`,
  });
  const [dAlpha] = columnProgram({
    key: 'blendAlphaGradient',
    inputs: { Products: products },
    outputs: [{ name: 'result', shape: [] }],
    code: `
      var sum = 0.0;
      for (var row = lane; row < uniforms.rows; row += LANES) { sum += Products[row]; }
      result[0] = total(sum);`,
  });
  tf.backend().disposeData(products.dataId);
  return [du, da, dAlpha];
});
