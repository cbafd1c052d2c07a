import * as tf from '@tensorflow/tfjs-core';

/**
 * The same for every item of a batch: [1, ...] → [batch, ...]. As an addition, whose gradient is one sum over the batch;
 * that of tfjs's `broadcastTo` is a slice and an addition an item.
 */
export function expandBatch(x: tf.Tensor, batch: number): tf.Tensor {
  return tf.tidy(() => tf.add(x, tf.zeros([batch, ...x.shape.slice(1).map(() => 1)])));
}
