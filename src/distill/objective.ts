import type * as tf from '@tensorflow/tfjs-core';
import { crossEntropy } from './baselines/none';
import { promptkd } from './baselines/promptkd';
import { type ComkdParts, comkdTotal } from './comkd';
import type { LossOptions, Method } from './options';

/** The loss as a method sees it: what it leaves out is switched off. */
export function methodLoss(method: Method, loss: LossOptions): LossOptions {
  return method === 'comkd' ? loss : promptkd(loss);
}

/**
 * What is minimised, a scalar.
 *
 * @param loss of `methodLoss`
 * @param targets each image's right texts, [batch, texts], rows summing to 1; `none` needs them
 */
export function objective(
  method: Method,
  parts: ComkdParts,
  loss: LossOptions,
  targets: tf.Tensor | undefined,
): tf.Scalar {
  return method === 'none' && targets ? crossEntropy(parts.q_s, targets) : comkdTotal(parts, loss);
}
