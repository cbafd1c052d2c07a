import * as tf from '@tensorflow/tfjs-core';
import {
  hasKernel,
  LINEAR,
  LINEAR_INPUT_GRADIENT,
  LINEAR_WEIGHT_GRADIENT,
  registerGradient,
  runKernel,
} from './kernels';
import './linear';

/**
 * A matrix product, which a linear layer's input gradient is.
 *
 * @param a [rows, inner]
 * @param b [inner, columns]
 * @returns [rows, columns]
 */
export function product(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return hasKernel(LINEAR_INPUT_GRADIENT)
    ? runKernel(LINEAR_INPUT_GRADIENT, { dy: a, weight: b }, {})
    : productComposition(a, b);
}

/** What `product` means. */
export function productComposition(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D);
}

registerGradient(LINEAR_INPUT_GRADIENT, { inputs: ['dy', 'weight'] }, ([d], [a, b]) => ({
  dy: () => runKernel(LINEAR, { x: d, weight: b }, {}),
  weight: () => runKernel(LINEAR_WEIGHT_GRADIENT, { dy: a, x: d }, { bias: false }),
  slopes: () => tf.zerosLike(a),
}));
