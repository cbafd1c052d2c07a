import * as tf from '@tensorflow/tfjs-core';
import { columnSums, rowProgram } from './lines';
import { onWebGPU, toTensor } from './program';

/** Layer normalisation on WebGPU: one dispatch forward; backward one each for x, weight (two) and bias. */
const KERNEL = 'ClipLayerNorm';

/** The kernel, or undefined on other backends. */
export function layerNormKernel(
  x: tf.Tensor,
  weight: tf.Tensor,
  bias: tf.Tensor,
  epsilon: number,
): tf.Tensor | undefined {
  if (!onWebGPU()) return undefined;
  return tf.engine().runKernel(KERNEL, { x, weight, bias }, { epsilon }) as tf.Tensor;
}

/** Leaves `mean` and `scale` = 1/√(variance + ε) of this thread's row. */
const STATISTICS = `
  let share = 1.0 / f32(uniforms.width);
  var mean = 0.0;
  for (var j = 0; j < uniforms.width; j = j + 1) { mean += X[start + j]; }
  mean *= share;
  var variance = 0.0;
  for (var j = 0; j < uniforms.width; j = j + 1) {
    let centred = X[start + j] - mean;
    variance += centred * centred;
  }
  let scale = inverseSqrt(variance * share + uniforms.epsilon);`;

const normProgram = (key: string, code: string, epsilon: number, inputs: Record<string, tf.TensorInfo>) =>
  rowProgram(key, inputs, STATISTICS + code, { floats: { epsilon } });

const epsilonOf = (attrs: tf.NamedAttrMap | undefined) => (attrs as unknown as { epsilon: number }).epsilon;

tf.registerKernel({
  kernelName: KERNEL,
  backendName: 'webgpu',
  kernelFunc: ({ inputs, attrs }) => {
    const { x, weight, bias } = inputs as Record<'x' | 'weight' | 'bias', tf.TensorInfo>;
    const code = `
      for (var j = 0; j < uniforms.width; j = j + 1) {
        result[start + j] = (X[start + j] - mean) * scale * Weight[j] + Bias[j];
      }`;
    return normProgram('layerNorm', code, epsilonOf(attrs), { X: x, Weight: weight, Bias: bias });
  },
});

tf.registerGradient({
  kernelName: KERNEL,
  inputsToSave: ['x', 'weight'],
  gradFunc: (dy, [x, weight], attrs) => {
    const gradient = dy as tf.Tensor;
    return {
      x: () =>
        toTensor(
          normProgram('layerNormGradient', GRADIENT, epsilonOf(attrs), {
            X: x,
            Weight: weight,
            Gradient: gradient,
          }),
        ),
      weight: () =>
        tf.tidy(() =>
          toTensor(
            columnSums(
              toTensor(
                normProgram('layerNormScaled', SCALED, epsilonOf(attrs), { X: x, Gradient: gradient }),
              ),
            ),
          ),
        ),
      bias: () => toTensor(columnSums(gradient)),
    };
  },
});

/** With g = dy ⊙ weight and n = (x − mean) scale: dx = scale (g − mean(g) − n mean(g ⊙ n)). */
const GRADIENT = `
  var meanG = 0.0;
  var meanGN = 0.0;
  for (var j = 0; j < uniforms.width; j = j + 1) {
    let g = Gradient[start + j] * Weight[j];
    meanG += g;
    meanGN += g * (X[start + j] - mean) * scale;
  }
  meanG *= share;
  meanGN *= share;
  for (var j = 0; j < uniforms.width; j = j + 1) {
    let n = (X[start + j] - mean) * scale;
    result[start + j] = scale * (Gradient[start + j] * Weight[j] - meanG - n * meanGN);
  }`;

/** dy ⊙ n, whose column sums are the weight's gradient. */
const SCALED = `
  for (var j = 0; j < uniforms.width; j = j + 1) {
    result[start + j] = Gradient[start + j] * (X[start + j] - mean) * scale;
  }`;
