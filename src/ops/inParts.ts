import * as tf from '@tensorflow/tfjs-core';
import { currentTrace } from '../device/webgpu/trace';
import { recomputed } from './recomputed';

/**
 * f of a batch whose parts it sees one after the other, for the memory of one of them: the backward pass computes each
 * part again and adds up the gradients. What is computed from the result sees the whole batch, so that losses and
 * gradients are those of f in one (GradCache, Gao et al. 2021).
 *
 * @param parts what f takes, in parts of the batch, the first axis; no gradient goes there
 * @param weights what f reads besides and gradients go to
 * @returns the results along the first axis
 */
export function inParts<Xs extends tf.Tensor[]>(
  f: (...xs: Xs) => tf.Tensor,
  parts: Xs[],
  weights: tf.Variable[],
): tf.Tensor {
  if (parts.length === 1) return f(...parts[0]);
  const results = parts.map((xs) => {
    currentTrace()?.fence();
    return weights.length > 0 ? recomputed(() => f(...xs), [], weights) : tf.tidy(() => f(...xs));
  });
  return tf.concat(results, 0);
}
