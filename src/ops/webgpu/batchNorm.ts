import * as tf from '@tensorflow/tfjs-core';
import { COLUMN_STATISTICS } from './batchStatistics';
import { columnProgram, columnSums } from './lines';
import { onWebGPU, toTensor } from './program';

/** Batch normalisation while training on WebGPU: one dispatch forward; backward one each for x, weight and bias. */
const KERNEL = 'ClipBatchNorm';

/** The kernel, or undefined on other backends. */
export function batchNormKernel(
  x: tf.Tensor,
  weight: tf.Tensor,
  bias: tf.Tensor,
  epsilon: number,
): tf.Tensor | undefined {
  return onWebGPU()
    ? (tf.engine().runKernel(KERNEL, { x, weight, bias }, { epsilon }) as tf.Tensor)
    : undefined;
}

/** Leaves `scale` = 1/√(variance + ε) beside the column's statistics. */
const SCALE = `${COLUMN_STATISTICS} let scale = inverseSqrt(variance + uniforms.epsilon);`;

const epsilonOf = (attrs: tf.NamedAttrMap | undefined) => (attrs as unknown as { epsilon: number }).epsilon;

tf.registerKernel({
  kernelName: KERNEL,
  backendName: 'webgpu',
  kernelFunc: ({ inputs, attrs }) => {
    const { x, weight, bias } = inputs as Record<'x' | 'weight' | 'bias', tf.TensorInfo>;
    const code = `${SCALE}
      for (var row = 0; row < uniforms.rows; row = row + 1) {
        let at = row * uniforms.width + item;
        result[at] = (X[at] - mean) * scale * Weight[item] + Bias[item];
      }`;
    const floats = { epsilon: epsilonOf(attrs) };
    return columnProgram('batchNorm', { X: x, Weight: weight, Bias: bias }, code, { floats });
  },
});

/** Leaves Σ dy and Σ dy·n of the column, n = (x − mean) scale. */
const SUMS = `${SCALE}
  var sum = 0.0;
  var along = 0.0;
  for (var row = 0; row < uniforms.rows; row = row + 1) {
    let at = row * uniforms.width + item;
    sum += Gradient[at];
    along += Gradient[at] * (X[at] - mean) * scale;
  }`;

/** dx = weight scale (dy − mean(dy) − n mean(dy·n)). */
const GRADIENT = `${SUMS}
  for (var row = 0; row < uniforms.rows; row = row + 1) {
    let at = row * uniforms.width + item;
    let n = (X[at] - mean) * scale;
    result[at] = Weight[item] * scale * (Gradient[at] - sum * share - n * along * share);
  }`;

tf.registerGradient({
  kernelName: KERNEL,
  inputsToSave: ['x', 'weight'],
  gradFunc: (dy, [x, weight], attrs) => {
    const floats = { epsilon: epsilonOf(attrs) };
    const gradient = dy as tf.Tensor;
    const inputs = { X: x, Gradient: gradient };
    return {
      x: () =>
        toTensor(columnProgram('batchNormGradient', { ...inputs, Weight: weight }, GRADIENT, { floats })),
      weight: () =>
        toTensor(
          columnProgram('batchNormWeight', inputs, `${SUMS} result[item] = along;`, {
            outputShape: weight.shape,
            floats,
          }),
        ),
      bias: () => toTensor(columnSums(gradient)),
    };
  },
});
