import * as tf from '@tensorflow/tfjs-core';
import {
  LAYER_NORM,
  LAYER_NORM_INPUT_GRADIENT,
  LAYER_NORM_WEIGHT_GRADIENT,
  registerKernel,
} from '../kernels';
import { columnProgram, rowProgram } from './lines';
import { rememberNorm } from './rowNorm';

/** Layer normalisation on WebGPU: one dispatch forward; backward one for x, and one for weight and bias together. */
registerKernel(LAYER_NORM, 'webgpu', (inputs, attributes) => {
  const { x, weight, bias } = inputs;
  const { epsilon, around } = attributes;
  const [width] = weight.shape;
  const outputs = rowProgram({
    key: 'layerNorm',
    inputs: { X: x, Weight: weight, Bias: bias },
    outputs: [
      { name: 'result', shape: x.shape },
      { name: 'statistics', shape: [tf.util.sizeFromShape(x.shape) / width, 2] },
    ],
    floats: { epsilon },
    onlyIfRead: true,
    code: `
      let share = 1.0 / f32(uniforms.width);
      var sum = 0.0;
      for (var j = lane; j < uniforms.width; j += LANES) { sum += X[start + j]; }
      let mean = total(sum) * share;
      var squares = 0.0;
      for (var j = lane; j < uniforms.width; j += LANES) {
        let centred = X[start + j] - mean;
        squares += centred * centred;
      }
      let scale = inverseSqrt(total(squares) * share + uniforms.epsilon);
      for (var j = lane; j < uniforms.width; j += LANES) {
        result[start + j] = (X[start + j] - mean) * scale * Weight[j] + Bias[j];
      }
      statistics[2 * row] = mean;
      statistics[2 * row + 1] = scale;`,
  });
  rememberNorm(outputs[0], { x, affine: { weight, bias, epsilon } });
  if (!around) return outputs;
  tf.backend().incRef(x.dataId);
  const { dataId, shape, dtype } = x;
  return [...outputs, { dataId, shape, dtype }];
});

/** With g = dy ⊙ weight and n = (x − mean) scale: dx = scale (g − mean(g) − n mean(g ⊙ n)) + around. */
registerKernel(LAYER_NORM_INPUT_GRADIENT, 'webgpu', (inputs) => {
  const { dy, x, weight, statistics, around } = inputs;
  const needed = { X: x, Weight: weight, Gradient: dy, Statistics: statistics };
  const [dx] = rowProgram({
    key: `layerNormInputGradient_${around !== undefined}`,
    inputs: around ? { ...needed, Around: around } : needed,
    code: `
      let share = 1.0 / f32(uniforms.width);
      let mean = Statistics[2 * row];
      let scale = Statistics[2 * row + 1];
      var g = 0.0;
      var gn = 0.0;
      for (var j = lane; j < uniforms.width; j += LANES) {
        let weighted = Gradient[start + j] * Weight[j];
        g += weighted;
        gn += weighted * (X[start + j] - mean) * scale;
      }
      let meanG = total(g) * share;
      let meanGN = total(gn) * share;
      for (var j = lane; j < uniforms.width; j += LANES) {
        let n = (X[start + j] - mean) * scale;
        result[start + j] = scale * (Gradient[start + j] * Weight[j] - meanG - n * meanGN)${around ? ' + Around[start + j]' : ''};
      }`,
  });
  return dx;
});

registerKernel(LAYER_NORM_WEIGHT_GRADIENT, 'webgpu', (inputs) => {
  const { dy, x, statistics } = inputs;
  const shape = x.shape.slice(-1);
  return columnProgram({
    key: 'layerNormWeightGradient',
    inputs: { X: x, Gradient: dy, Statistics: statistics },
    outputs: [
      { name: 'dWeight', shape },
      { name: 'dBias', shape },
    ],
    code: `
      var weightSum = 0.0;
      var biasSum = 0.0;
      for (var row = lane; row < uniforms.rows; row += LANES) {
        let at = row * uniforms.width + column;
        let n = (X[at] - Statistics[2 * row]) * Statistics[2 * row + 1];
        weightSum += Gradient[at] * n;
        biasSum += Gradient[at];
      }
      dWeight[column] = total(weightSum);
      dBias[column] = total(biasSum);`,
  });
});
