import * as tf from '@tensorflow/tfjs-core';
import { SUMS_OF_SQUARES } from '../kernels';
import { registerWasmKernel } from './native';

/** Numbers of a part: few enough that float32 adds them up to six digits. */
const LENGTH = 4096;

registerWasmKernel(SUMS_OF_SQUARES, ({ x }, native) => {
  const size = tf.util.sizeFromShape(x.shape);
  const parts = Math.ceil(size / LENGTH);
  const sums = native.output([parts]);
  native.run('sumsOfSquares', parts, { x, sums, size, length: LENGTH });
  return sums;
});
