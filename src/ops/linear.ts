import * as tf from '@tensorflow/tfjs-core';
import { type Activation, activationComposition } from './activation';
import {
  ACTIVATION_GRADIENT,
  gradientPair,
  hasKernel,
  LINEAR,
  LINEAR_INPUT_GRADIENT,
  LINEAR_WEIGHT_GRADIENT,
  runKernel,
  runKernels,
} from './kernels';
import './wasm/linear';
import './webgpu/linear';

export interface LinearOptions {
  activation?: Activation;
  /** Added to the result; the result's shape. Not together with an activation. */
  residual?: tf.Tensor;
}

/**
 * A fully connected layer: act(x Wᵀ + b), or x Wᵀ + b + residual.
 *
 * @param x [..., in]
 * @param weight [out, in], as PyTorch stores it
 * @param bias [out]
 * @returns [..., out]
 */
export function linear(
  x: tf.Tensor,
  weight: tf.Tensor,
  bias?: tf.Tensor,
  { activation, residual }: LinearOptions = {},
): tf.Tensor {
  if (!hasKernel(LINEAR)) return linearComposition(x, weight, bias, { activation, residual });
  const inputs = { x, weight, ...(bias && { bias }), ...(residual && { residual }) };
  const attributes = { activation, bias: bias !== undefined };
  if (!activation) return runKernel(LINEAR, inputs, attributes);
  const [y, before] = runKernels(LINEAR, inputs, attributes);
  before.dispose();
  return y;
}

/** What `linear` means. */
export function linearComposition(
  x: tf.Tensor,
  weight: tf.Tensor,
  bias?: tf.Tensor,
  { activation, residual }: LinearOptions = {},
): tf.Tensor {
  return tf.tidy(() => {
    const [out, inner] = weight.shape;
    let y: tf.Tensor = tf.matMul(tf.reshape(x, [-1, inner]), weight as tf.Tensor2D, false, true);
    if (bias) y = tf.add(y, bias);
    y = tf.reshape(y, [...x.shape.slice(0, -1), out]);
    if (activation) return activationComposition(y, activation);
    return residual ? tf.add(y, residual) : y;
  });
}

tf.registerGradient({
  kernelName: LINEAR,
  inputsToSave: ['x', 'weight'],
  outputsToSave: [false, true],
  gradFunc: (dys, [x, weight, before], attributes) => {
    const given = Array.isArray(dys) ? dys[0] : dys;
    const dy = before ? runKernel(ACTIVATION_GRADIENT, { x: before, dy: given }, attributes) : given;
    const [both, bias] = gradientPair(() => runKernels(LINEAR_WEIGHT_GRADIENT, { dy, x }, { bias: true }));
    const alone = () => runKernel(LINEAR_WEIGHT_GRADIENT, { dy, x }, { bias: false });
    return {
      x: () => runKernel(LINEAR_INPUT_GRADIENT, { dy, weight }),
      weight: attributes['bias'] ? both : alone,
      bias,
      residual: () => tf.clone(dy),
    };
  },
});
