import * as tf from '@tensorflow/tfjs-core';

/**
 * No distillation: the student learns from the data's own texts, by cross-entropy averaged over the batch.
 *
 * @param q_s the student's logits, [batch, texts]
 * @param targets each image's right texts, [batch, texts], rows summing to 1
 */
export function crossEntropy(q_s: tf.Tensor, targets: tf.Tensor): tf.Scalar {
  return tf.tidy(() => {
    const [batch] = q_s.shape;
    return tf.mul(tf.sum(tf.mul(targets, tf.logSoftmax(q_s))), -1 / batch) as tf.Scalar;
  });
}
