import * as tf from '@tensorflow/tfjs-core';

/**
 * Cross-entropy of the logits' softmax and the right texts, averaged over the batch.
 *
 * @param q logits, [batch, texts]
 * @param targets each image's right texts, [batch, texts], rows summing to 1
 */
export function crossEntropy(q: tf.Tensor, targets: tf.Tensor): tf.Scalar {
  return tf.tidy(() => {
    const [batch] = q.shape;
    return tf.mul(tf.sum(tf.mul(targets, tf.logSoftmax(q))), -1 / batch) as tf.Scalar;
  });
}
