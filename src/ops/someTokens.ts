import * as tf from '@tensorflow/tfjs-core';
import { hasKernel, registerGradient, runKernel, SOME_TOKENS, SOME_TOKENS_GRADIENT } from './kernels';
import './webgpu/someTokens';

/**
 * Some tokens of each item.
 *
 * @param x [batch, tokens, width]
 * @returns [batch, count, width]
 */
export function someTokens(x: tf.Tensor, first: number, count: number): tf.Tensor {
  return hasKernel(SOME_TOKENS)
    ? runKernel(SOME_TOKENS, { x }, { tokens: x.shape[1] as number, first, count })
    : someTokensComposition(x, first, count);
}

/** What `someTokens` means. */
export function someTokensComposition(x: tf.Tensor, first: number, count: number): tf.Tensor {
  const [batch, , width] = x.shape;
  return tf.slice(x, [0, first, 0], [batch, count, width as number]);
}

registerGradient(SOME_TOKENS, {}, ([dy], _saved, range) => ({
  x: () => runKernel(SOME_TOKENS_GRADIENT, { dy }, range),
}));
