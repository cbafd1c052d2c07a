import * as tf from '@tensorflow/tfjs-core';
import { type Activation, activationComposition } from './activation';
import {
  hasKernel,
  LINEAR,
  LINEAR_INPUT_GRADIENT,
  MLP,
  registerGradient,
  registerKernel,
  runKernel,
  runKernels,
} from './kernels';
import { linearComposition, weightAndBiasGradients } from './linear';

/** A layer's weight [out, in] and bias [out]. */
export interface LinearLayer {
  weight: tf.Tensor;
  bias: tf.Tensor;
}

/**
 * Two fully connected layers with an activation between them: act(x W₁ᵀ + b₁) W₂ᵀ + b₂ + residual. In one, so that the
 * product that gives the second layer's input gradient applies the activation's slope too.
 *
 * @param x [..., in]
 * @param residual [..., out]
 * @returns [..., out]
 */
export function mlp(
  x: tf.Tensor,
  first: LinearLayer,
  second: LinearLayer,
  activation: Activation,
  residual: tf.Tensor,
): tf.Tensor {
  if (!hasKernel(LINEAR)) return mlpComposition(x, first, second, activation, residual);
  const weights = { weight1: first.weight, bias1: first.bias, weight2: second.weight, bias2: second.bias };
  const outputs = runKernels(MLP, { x, ...weights, residual }, { activation });
  // The tape holds this array, and makes gradients of zeros, as large as they are, for outputs that nothing uses.
  const [wide, slopes] = outputs.splice(1);
  tf.dispose([wide, slopes]);
  return outputs[0];
}

/** What `mlp` means. */
export function mlpComposition(
  x: tf.Tensor,
  first: LinearLayer,
  second: LinearLayer,
  activation: Activation,
  residual: tf.Tensor,
): tf.Tensor {
  return tf.tidy(() => {
    const wide = activationComposition(linearComposition(x, first.weight, first.bias), activation);
    return linearComposition(wide, second.weight, second.bias, residual);
  });
}

for (const backendName of ['webgpu', 'wasm'] as const)
  registerKernel(MLP, backendName, (inputs, { activation }, backend) => {
    const { x, weight1, bias1, weight2, bias2, residual } = inputs;
    const layer = tf.getKernel(LINEAR, backendName).kernelFunc;
    const first = { x, weight: weight1, bias: bias1 };
    const wide = layer({ inputs: first, backend, attrs: { activation } }) as tf.TensorInfo[];
    const second = { x: wide[0], weight: weight2, bias: bias2, residual };
    return [layer({ inputs: second, backend, attrs: {} }) as tf.TensorInfo, ...wide];
  });

registerGradient(
  MLP,
  { inputs: ['x', 'weight1', 'weight2'], outputs: [false, true, true] },
  ([dy], [x, weight1, weight2, wide, slopes]) => {
    const dBefore = runKernel(LINEAR_INPUT_GRADIENT, { dy, weight: weight2, slopes }, {});
    const [dWeight1, dBias1] = weightAndBiasGradients(dBefore, x);
    const [dWeight2, dBias2] = weightAndBiasGradients(dy, wide);
    return {
      x: () => runKernel(LINEAR_INPUT_GRADIENT, { dy: dBefore, weight: weight1 }, {}),
      weight1: dWeight1,
      bias1: dBias1,
      weight2: dWeight2,
      bias2: dBias2,
      residual: () => tf.clone(dy),
    };
  },
);
