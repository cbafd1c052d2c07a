import * as tf from '@tensorflow/tfjs-core';
import { oneThreadEach, onWebGPU, runProgram, toTensor } from './program';

/** Activations on WebGPU: one dispatch forward, one backward. */
const KERNEL = 'ClipActivation';

type SmoothActivation = 'quick_gelu' | 'gelu';

/** The kernel, or undefined on other backends. */
export function activationKernel(x: tf.Tensor, activation: SmoothActivation): tf.Tensor | undefined {
  if (!onWebGPU()) return undefined;
  return tf.engine().runKernel(KERNEL, { x }, { activation }) as tf.Tensor;
}

/**
 * value(x) and slope(x) = d value / d x. The error function is Abramowitz & Stegun 7.1.26's rational form with
 * a series near 0, where its absolute error of 1.5e-7 would be a large relative one.
 */
const FUNCTIONS: Record<SmoothActivation, string> = {
  quick_gelu: `
    fn value(x : f32) -> f32 { return x / (1.0 + exp(-1.702 * x)); }
    fn slope(x : f32) -> f32 {
      let s = 1.0 / (1.0 + exp(-1.702 * x));
      return s + 1.702 * x * s * (1.0 - s);
    }`,
  gelu: `
    fn erf(x : f32) -> f32 {
      let a = abs(x);
      if (a < 0.3) {
        let q = x * x;
        return x * 1.1283791671 * (1.0 - q * (0.3333333333 - q * (0.1 - q * (0.0238095238 - q * 0.00462962963))));
      }
      let t = 1.0 / (1.0 + 0.3275911 * a);
      let poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
      return sign(x) * (1.0 - poly * exp(-a * a));
    }
    fn value(x : f32) -> f32 { return 0.5 * x * (1.0 + erf(x * 0.70710678118)); }
    fn slope(x : f32) -> f32 {
      return 0.5 * (1.0 + erf(x * 0.70710678118)) + x * 0.3989422804 * exp(-0.5 * x * x);
    }`,
};

function elementwise(
  name: 'value' | 'slope',
  activation: SmoothActivation,
  tensors: tf.TensorInfo[],
): tf.TensorInfo {
  const [x] = tensors;
  const size = tf.util.sizeFromShape(x.shape);
  const { item, ...threads } = oneThreadEach(size);
  const inputs = ['X', 'Gradient'].slice(0, tensors.length);
  return runProgram(
    {
      key: `${activation}_${name}`,
      inputs,
      outputShape: x.shape,
      integers: { count: size },
      ...threads,
      functions: FUNCTIONS[activation],
      code: `${item}
        if (item >= uniforms.count) { return; }
        result[item] = ${name}(X[item])${name === 'slope' ? ' * Gradient[item]' : ''};`,
    },
    tensors,
  );
}

tf.registerKernel({
  kernelName: KERNEL,
  backendName: 'webgpu',
  kernelFunc: ({ inputs, attrs }) =>
    elementwise('value', (attrs as unknown as { activation: SmoothActivation }).activation, [
      inputs.x as tf.TensorInfo,
    ]),
});

tf.registerGradient({
  kernelName: KERNEL,
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attrs) => ({
    x: () =>
      toTensor(
        elementwise('slope', (attrs as unknown as { activation: SmoothActivation }).activation, [
          x,
          dy as tf.Tensor,
        ]),
      ),
  }),
});
