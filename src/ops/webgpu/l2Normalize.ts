import { L2_NORMALIZE, L2_NORMALIZE_GRADIENT, registerKernel } from '../kernels';
import { rowProgram } from './lines';

/** Leaves `scale` = 1 / max(‖x‖, 1e-12) of this row. */
const LENGTH = `
  var squares = 0.0;
  for (var j = lane; j < uniforms.width; j += LANES) { squares += X[start + j] * X[start + j]; }
  let scale = inverseSqrt(max(total(squares), 1e-24));`;

registerKernel(
  L2_NORMALIZE,
  'webgpu',
  (inputs) =>
    rowProgram({
      key: 'l2Normalize',
      inputs: { X: inputs.x },
      code: `${LENGTH}
      for (var j = lane; j < uniforms.width; j += LANES) { result[start + j] = X[start + j] * scale; }`,
    })[0],
);

/** With y = x scale: dx = scale (dy − y Σ y·dy). */
registerKernel(
  L2_NORMALIZE_GRADIENT,
  'webgpu',
  (inputs) =>
    rowProgram({
      key: 'l2NormalizeGradient',
      inputs: { X: inputs.x, Gradient: inputs.dy },
      code: `${LENGTH}
      var products = 0.0;
      for (var j = lane; j < uniforms.width; j += LANES) { products += X[start + j] * Gradient[start + j]; }
      let along = total(products) * scale * scale;
      for (var j = lane; j < uniforms.width; j += LANES) {
        result[start + j] = scale * (Gradient[start + j] - X[start + j] * along);
      }`,
    })[0],
);
