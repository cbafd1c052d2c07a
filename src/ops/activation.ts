import * as tf from '@tensorflow/tfjs-core';

/**
 * The activations that CLIPs are trained with, element by element.
 * quick_gelu(x) = x · sigmoid(1.702 x) (openai/CLIP); gelu(x) = x · Φ(x), with the exact error function;
 * gelu_pytorch_tanh(x) = x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³))) (SigLIP).
 */
export type Activation = 'quick_gelu' | 'gelu' | 'gelu_pytorch_tanh';

/** What an activation means. */
export function activationComposition(x: tf.Tensor, activation: Activation): tf.Tensor {
  return tf.tidy(() => {
    if (activation === 'quick_gelu') return tf.mul(x, tf.sigmoid(tf.mul(x, 1.702)));
    if (activation === 'gelu_pytorch_tanh') {
      const inner = tf.mul(tf.add(x, tf.mul(tf.pow(x, 3), 0.044715)), Math.sqrt(2 / Math.PI));
      return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
    }
    return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
  });
}
