import * as tf from '@tensorflow/tfjs-core';

/**
 * The activations that CLIPs are trained with, element by element.
 * quick_gelu(x) = x · sigmoid(1.702 x) (openai/CLIP); gelu(x) = x · Φ(x), with the exact error function.
 */
export type Activation = 'quick_gelu' | 'gelu';

/** What an activation means. */
export function activationComposition(x: tf.Tensor, activation: Activation): tf.Tensor {
  return tf.tidy(() => {
    if (activation === 'quick_gelu') return tf.mul(x, tf.sigmoid(tf.mul(x, 1.702)));
    return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
  });
}
