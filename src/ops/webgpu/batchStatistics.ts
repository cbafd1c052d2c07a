import * as tf from '@tensorflow/tfjs-core';
import { columnProgram } from './lines';
import { onWebGPU, toTensor } from './program';

/** Statistics over the batch on WebGPU: one dispatch each, and one for each gradient. */
const MEAN = 'ClipBatchMean';
const VARIANCE = 'ClipBatchVariance';

/** The kernel, or undefined on other backends. */
export function batchMeanKernel(x: tf.Tensor): tf.Tensor1D | undefined {
  return onWebGPU() ? (tf.engine().runKernel(MEAN, { x }) as tf.Tensor1D) : undefined;
}

/** The kernel, or undefined on other backends. */
export function batchVarianceKernel(x: tf.Tensor): tf.Tensor1D | undefined {
  return onWebGPU() ? (tf.engine().runKernel(VARIANCE, { x }) as tf.Tensor1D) : undefined;
}

/** Leaves `mean` and `variance` of this thread's column, and `share` = 1 / rows. */
export const COLUMN_STATISTICS = `
  let share = 1.0 / f32(uniforms.rows);
  var mean = 0.0;
  for (var row = 0; row < uniforms.rows; row = row + 1) { mean += X[row * uniforms.width + item]; }
  mean *= share;
  var variance = 0.0;
  for (var row = 0; row < uniforms.rows; row = row + 1) {
    let centred = X[row * uniforms.width + item] - mean;
    variance += centred * centred;
  }
  variance *= share;`;

for (const [kernelName, value] of [
  [MEAN, 'mean'],
  [VARIANCE, 'variance'],
]) {
  tf.registerKernel({
    kernelName,
    backendName: 'webgpu',
    kernelFunc: ({ inputs }) => {
      const x = inputs.x as tf.TensorInfo;
      const code = `${COLUMN_STATISTICS} result[item] = ${value};`;
      return columnProgram(kernelName, { X: x }, code, { outputShape: x.shape.slice(-1) });
    },
  });
}

/** d mean / d x = 1 / rows; d variance / d x = 2 (x − mean) / rows. */
const SLOPES = { [MEAN]: 'share', [VARIANCE]: '2.0 * share * (X[at] - mean)' };

for (const [kernelName, slope] of Object.entries(SLOPES)) {
  tf.registerGradient({
    kernelName,
    inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({
      x: () => {
        const code = `${COLUMN_STATISTICS}
          for (var row = 0; row < uniforms.rows; row = row + 1) {
            let at = row * uniforms.width + item;
            result[at] = Gradient[item] * ${slope};
          }`;
        return toTensor(columnProgram(`${kernelName}Gradient`, { X: x, Gradient: dy as tf.Tensor }, code));
      },
    }),
  });
}
