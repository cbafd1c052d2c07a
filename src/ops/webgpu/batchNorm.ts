import type * as tf from '@tensorflow/tfjs-core';
import {
  BATCH_NORM,
  BATCH_NORM_INPUT_GRADIENT,
  BATCH_NORM_WEIGHT_GRADIENT,
  registerKernel,
} from '../kernels';
import { COLUMN_STATISTICS } from './batchStatistics';
import { columnProgram } from './lines';
import { oneThreadEach, runProgram } from './program';

/** Leaves `scale` = 1/√(variance + ε) beside the column's statistics. */
const SCALE = `${COLUMN_STATISTICS} let scale = inverseSqrt(variance + uniforms.epsilon);`;

/** Leaves Σ g and Σ g·n of the column, n = (x − mean) scale, g = dy where ReLU let through. */
const SUMS = `${SCALE}
  var gradients = 0.0;
  var products = 0.0;
  for (var row = lane; row < uniforms.rows; row += LANES) {
    let at = row * uniforms.width + column;
    let n = (X[at] - mean) * scale;
    let g = select(0.0, Gradient[at], n * Weight[column] + Bias[column] > 0.0);
    gradients += g;
    products += g * n;
  }
  let gradientSum = total(gradients);
  let along = total(products);`;

registerKernel(
  BATCH_NORM,
  'webgpu',
  ({ x, weight, bias }, floats) =>
    columnProgram({
      key: 'batchNorm',
      floats,
      inputs: { X: x, Weight: weight, Bias: bias },
      code: `${SCALE}
    for (var row = lane; row < uniforms.rows; row += LANES) {
      let at = row * uniforms.width + column;
      result[at] = max(0.0, (X[at] - mean) * scale * Weight[column] + Bias[column]);
    }`,
    })[0],
);

/** dx = weight scale (g − mean(g) − n mean(g·n)). */
registerKernel(
  BATCH_NORM_INPUT_GRADIENT,
  'webgpu',
  ({ x, dy, weight, bias }, floats) =>
    columnProgram({
      key: 'batchNormInputGradient',
      floats,
      inputs: { X: x, Gradient: dy, Weight: weight, Bias: bias },
      code: `${SUMS}
    for (var row = lane; row < uniforms.rows; row += LANES) {
      let at = row * uniforms.width + column;
      let n = (X[at] - mean) * scale;
      let g = select(0.0, Gradient[at], n * Weight[column] + Bias[column] > 0.0);
      result[at] = Weight[column] * scale * (g - (gradientSum + n * along) * share);
    }`,
    })[0],
);

registerKernel(BATCH_NORM_WEIGHT_GRADIENT, 'webgpu', ({ x, dy, weight, bias }, floats) => {
  const shape = x.shape.slice(-1);
  return columnProgram({
    key: 'batchNormWeightGradient',
    floats,
    inputs: { X: x, Gradient: dy, Weight: weight, Bias: bias },
    outputs: [
      { name: 'dWeight', shape },
      { name: 'dBias', shape },
    ],
    code: `${SUMS}
      dWeight[column] = along;
      dBias[column] = gradientSum;`,
  });
});

/** running ← (1 − momentum) running + momentum batch, in one dispatch; the batch's variance times `unbiased`. */
export function blendInPlace(
  running: Record<'mean' | 'variance', tf.Tensor>,
  batch: Record<'mean' | 'variance', tf.Tensor>,
  momentum: number,
  unbiased: number,
): void {
  const { size: count, shape } = running.mean;
  const { item, ...threads } = oneThreadEach(count);
  runProgram(
    {
      key: 'runningStatistics',
      inputs: ['Mean', 'Variance'],
      outputs: [
        { name: 'means', shape, tensor: running.mean },
        { name: 'variances', shape, tensor: running.variance },
      ],
      integers: { count },
      floats: { momentum, unbiased },
      ...threads,
      code: `${item}
        if (item >= uniforms.count) { return; }
        let keep = 1.0 - uniforms.momentum;
        means[item] = keep * means[item] + uniforms.momentum * Mean[item];
        variances[item] = keep * variances[item] + uniforms.momentum * uniforms.unbiased * Variance[item];`,
    },
    [batch.mean, batch.variance],
  );
}
