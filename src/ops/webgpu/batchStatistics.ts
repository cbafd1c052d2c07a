import { BATCH_STATISTICS, BATCH_STATISTICS_GRADIENT, registerKernel } from '../kernels';
import { columnProgram } from './lines';

/** Leaves `mean` and `variance` of this column, and `share` = 1 / rows. */
export const COLUMN_STATISTICS = `
  let share = 1.0 / f32(uniforms.rows);
  var sum = 0.0;
  for (var row = lane; row < uniforms.rows; row += LANES) { sum += X[row * uniforms.width + column]; }
  let mean = total(sum) * share;
  var squares = 0.0;
  for (var row = lane; row < uniforms.rows; row += LANES) {
    let centred = X[row * uniforms.width + column] - mean;
    squares += centred * centred;
  }
  let variance = total(squares) * share;`;

registerKernel(BATCH_STATISTICS, 'webgpu', (inputs) => {
  const x = inputs.x;
  const shape = x.shape.slice(-1);
  return columnProgram({
    key: 'batchStatistics',
    inputs: { X: x },
    outputs: [
      { name: 'means', shape },
      { name: 'variances', shape },
    ],
    code: `${COLUMN_STATISTICS}
      means[column] = mean;
      variances[column] = variance;`,
  });
});

/** d mean / d x = 1 / rows; d variance / d x = 2 (x − mean) / rows. */
registerKernel(BATCH_STATISTICS_GRADIENT, 'webgpu', (inputs) => {
  const { dMean, dVariance, x, mean } = inputs;
  return columnProgram({
    key: 'batchStatisticsGradient',
    inputs: { X: x, Mean: mean, MeanGradient: dMean, VarianceGradient: dVariance },
    code: `
      let share = 1.0 / f32(uniforms.rows);
      for (var row = lane; row < uniforms.rows; row += LANES) {
        let at = row * uniforms.width + column;
        let centred = X[at] - Mean[column];
        result[at] = share * (MeanGradient[column] + 2.0 * centred * VarianceGradient[column]);
      }`,
  })[0];
});
