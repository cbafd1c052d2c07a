import * as tf from '@tensorflow/tfjs-core';
import { constant } from '../ops/constant';
import { softmaxKL } from '../ops/softmaxKL';

/**
 * Cross-entropy of the softmax of each row of logits with its right columns in equal shares, averaged over the rows that
 * have any; 0 where none has.
 *
 * @param q logits, [rows, columns]
 * @param right [rows, columns], 1 where a column is right for a row, else 0
 */
export function crossEntropy(q: tf.Tensor, right: tf.Tensor): tf.Scalar {
  return tf.tidy(() => {
    const counts = tf.sum(right, 1, true);
    const targets = tf.div(right, tf.maximum(counts, 1));
    const rows = tf.maximum(tf.sum(targets), 1);
    return tf.neg(tf.div(tf.sum(tf.mul(targets, tf.logSoftmax(q))), rows)) as tf.Scalar;
  });
}

/**
 * Cross-entropy of the softmax of each row of logits with that of the other's row, averaged over the rows.
 *
 * @param q, target logits, [rows, columns]; no gradient flows into `target`
 */
export function softCrossEntropy(q: tf.Tensor, target: tf.Tensor): tf.Scalar {
  return tf.tidy(() => {
    const [rows] = q.shape;
    return tf.mul(tf.sum(tf.mul(tf.softmax(constant(target)), tf.logSoftmax(q))), -1 / rows) as tf.Scalar;
  });
}

/** A loss of logits and what they are held against, both [rows, columns]. */
type RowLoss = (q: tf.Tensor, target: tf.Tensor) => tf.Scalar;

/** A loss from images to texts, and with all rows and columns swapped from texts to images. */
export function eachWay(loss: RowLoss, q: tf.Tensor, target: tf.Tensor): [tf.Scalar, tf.Scalar] {
  return tf.tidy(() => [loss(q, target), loss(tf.transpose(q), tf.transpose(target))]);
}

/** The mean of a loss both ways. */
export function bothWays(loss: RowLoss, q: tf.Tensor, target: tf.Tensor): tf.Scalar {
  return tf.tidy(() => tf.mul(tf.addN(eachWay(loss, q, target)), 0.5) as tf.Scalar);
}

/** KL(softmax(target) ‖ softmax(q)) of each row, averaged over the rows; no gradient flows into `target`. */
export const divergence: RowLoss = (q, target) => softmaxKL(target, q, 1);
