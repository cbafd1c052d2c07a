import * as tf from '@tensorflow/tfjs-core';
import {
  ABSOLUTE_DISTANCE,
  ABSOLUTE_DISTANCE_GRADIENT,
  hasKernel,
  registerGradient,
  runKernel,
} from './kernels';
import './webgpu/absoluteDistance';

/**
 * Σ |a − b|, or its mean over the elements. The second one is a constant: no gradient flows into it.
 *
 * @param a, b of one shape
 * @returns a scalar
 */
export function absoluteDistance(a: tf.Tensor, b: tf.Tensor, reduction: 'mean' | 'sum'): tf.Scalar {
  if (!hasKernel(ABSOLUTE_DISTANCE)) return absoluteDistanceComposition(a, b, reduction);
  return runKernel(
    ABSOLUTE_DISTANCE,
    { a, b },
    { factor: reduction === 'mean' ? 1 / a.size : 1 },
  ) as tf.Scalar;
}

/** What `absoluteDistance` means. */
export function absoluteDistanceComposition(
  a: tf.Tensor,
  b: tf.Tensor,
  reduction: 'mean' | 'sum',
): tf.Scalar {
  const reduce = reduction === 'mean' ? tf.mean : tf.sum;
  return tf.tidy(() => {
    const difference = tf.sub(a, b);
    // Not tf.abs, whose gradient at 0 is -1; where nothing differs, nothing shall pull.
    return reduce(tf.add(tf.relu(difference), tf.relu(tf.neg(difference)))) as tf.Scalar;
  });
}

registerGradient(ABSOLUTE_DISTANCE, { inputs: ['a', 'b'] }, ([dy], [a, b], attributes) => ({
  a: () => runKernel(ABSOLUTE_DISTANCE_GRADIENT, { dy, a, b }, attributes),
  b: () => tf.zerosLike(b),
}));
