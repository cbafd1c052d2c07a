import * as tf from '@tensorflow/tfjs-core';
import {
  gradientsTogether,
  hasKernel,
  LINEAR,
  LINEAR_INPUT_GRADIENT,
  LINEAR_WEIGHT_GRADIENT,
  registerGradient,
  runKernel,
  runKernels,
} from './kernels';
import './wasm/linear';
import './webgpu/linear';

/**
 * A fully connected layer: x Wᵀ + b + residual.
 *
 * @param x [..., in]
 * @param weight [out, in], as PyTorch stores it
 * @param bias [out]
 * @param residual of the result's shape
 * @returns [..., out]
 */
export function linear(x: tf.Tensor, weight: tf.Tensor, bias?: tf.Tensor, residual?: tf.Tensor): tf.Tensor {
  if (!hasKernel(LINEAR)) return linearComposition(x, weight, bias, residual);
  return runKernel(LINEAR, { x, weight, bias, residual }, { hasBias: bias !== undefined });
}

/** What `linear` means. */
export function linearComposition(
  x: tf.Tensor,
  weight: tf.Tensor,
  bias?: tf.Tensor,
  residual?: tf.Tensor,
): tf.Tensor {
  return tf.tidy(() => {
    const [out, inner] = weight.shape;
    let y: tf.Tensor = tf.matMul(tf.reshape(x, [-1, inner]), weight as tf.Tensor2D, false, true);
    if (bias) y = tf.add(y, bias);
    y = tf.reshape(y, [...x.shape.slice(0, -1), out]);
    return residual ? tf.add(y, residual) : y;
  });
}

/** The gradients of a linear layer's weight and bias, as the tape asks for them: for both or for neither. */
export const weightAndBiasGradients = (dy: tf.Tensor, x: tf.Tensor) =>
  gradientsTogether(2, () => runKernels(LINEAR_WEIGHT_GRADIENT, { dy, x }, { bias: true }));

registerGradient(LINEAR, { inputs: ['x', 'weight'] }, ([dy], [x, weight], { hasBias }) => {
  const [both, bias] = weightAndBiasGradients(dy, x);
  const alone = () => runKernel(LINEAR_WEIGHT_GRADIENT, { dy, x }, { bias: false });
  return {
    x: () => runKernel(LINEAR_INPUT_GRADIENT, { dy, weight }, {}),
    weight: hasBias ? both : alone,
    bias,
    residual: () => tf.clone(dy),
  };
});
