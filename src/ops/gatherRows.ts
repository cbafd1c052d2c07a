import * as tf from '@tensorflow/tfjs-core';

/**
 * Rows of a matrix, in the order of their indices. Its gradient is a matrix product, since the backends can't add to
 * scattered rows.
 *
 * @param matrix [rows, width]
 * @param indices int32, [count]; a row may come several times
 * @returns [count, width]
 */
export function gatherRows(matrix: tf.Tensor, indices: tf.Tensor): tf.Tensor {
  const gather = tf.customGrad((x, save) => {
    if (!(x instanceof tf.Tensor) || typeof save !== 'function') throw new Error('A matrix alone has rows.');
    save([indices]);
    const [rows] = x.shape;
    const gradFunc = (dy: tf.Tensor, [at]: tf.Tensor[]) => {
      const isRow = tf.equal(tf.expandDims(at, 1), tf.expandDims(tf.range(0, rows, 1, 'int32'), 0));
      return tf.matMul(tf.cast(isRow, 'float32'), dy as tf.Tensor2D, true);
    };
    return { value: tf.gather(x, indices), gradFunc };
  });
  return gather(matrix);
}
