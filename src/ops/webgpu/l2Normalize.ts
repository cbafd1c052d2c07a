import * as tf from '@tensorflow/tfjs-core';
import { L2_NORMALIZE, L2_NORMALIZE_GRADIENT, registerKernel } from '../kernels';
import { termsOf } from './add';
import { rowProgram } from './lines';
import { rememberNorm } from './rowNorm';

/** Leaves `scale` = 1 / max(‖x‖, 1e-12) of this row. */
const LENGTH = `
  var squares = 0.0;
  for (var j = lane; j < uniforms.width; j += LANES) { squares += X[start + j] * X[start + j]; }
  let scale = inverseSqrt(max(total(squares), 1e-24));`;

registerKernel(L2_NORMALIZE, 'webgpu', ({ x }) => {
  const [result] = rowProgram({
    key: 'l2Normalize',
    inputs: { X: x },
    onlyIfRead: true,
    code: `${LENGTH}
      for (var j = lane; j < uniforms.width; j += LANES) { result[start + j] = X[start + j] * scale; }`,
  });
  rememberNorm(result, { x });
  return result;
});

/** With y = x scale: dx = scale (dy − y Σ y·dy), of all that dy is a sum of. */
registerKernel(L2_NORMALIZE_GRADIENT, 'webgpu', (inputs) => {
  const terms = termsOf(inputs.dy);
  const gradients = Object.fromEntries(terms.map((term, i) => [`Gradient${i}`, term]));
  const gradient = Object.keys(gradients)
    .map((name) => `${name}[start + j]`)
    .join(' + ');
  const [dx] = rowProgram({
    key: `l2NormalizeGradient_${terms.length}`,
    inputs: { X: inputs.x, ...gradients },
    code: `${LENGTH}
      var products = 0.0;
      for (var j = lane; j < uniforms.width; j += LANES) { products += X[start + j] * (${gradient}); }
      let along = total(products) * scale * scale;
      for (var j = lane; j < uniforms.width; j += LANES) {
        result[start + j] = scale * (${gradient} - X[start + j] * along);
      }`,
  });
  tf.dispose(terms);
  return dx;
});
