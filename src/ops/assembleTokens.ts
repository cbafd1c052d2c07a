import * as tf from '@tensorflow/tfjs-core';
import { expandBatch } from './expandBatch';
import {
  ASSEMBLE_TOKENS,
  ASSEMBLE_TOKENS_GRADIENT,
  gradientsTogether,
  hasKernel,
  registerGradient,
  runKernel,
  runKernels,
} from './kernels';
import { someTokens } from './someTokens';
import './webgpu/assembleTokens';

/**
 * The tokens that a ViT's encoder takes: the class token before each image's patches, and positions added.
 *
 * @param classEmbedding [width]
 * @param patches [batch, patches, width]
 * @param positions [1 + patches, width]
 * @returns [batch, 1 + patches, width]
 */
export function assembleTokens(
  classEmbedding: tf.Tensor,
  patches: tf.Tensor,
  positions: tf.Tensor,
): tf.Tensor {
  return hasKernel(ASSEMBLE_TOKENS)
    ? runKernel(ASSEMBLE_TOKENS, { classEmbedding, patches, positions }, {})
    : assembleTokensComposition(classEmbedding, patches, positions);
}

/** What `assembleTokens` means. */
export function assembleTokensComposition(
  classEmbedding: tf.Tensor,
  patches: tf.Tensor,
  positions: tf.Tensor,
): tf.Tensor {
  return tf.tidy(() => {
    const [batch, , width] = patches.shape;
    const classTokens = expandBatch(tf.reshape(classEmbedding, [1, 1, width as number]), batch);
    return tf.add(tf.concat([classTokens, patches], 1), positions);
  });
}

registerGradient(ASSEMBLE_TOKENS, {}, ([dy]) => {
  const patches = (dy.shape[1] as number) - 1;
  const [positions, classEmbedding] = gradientsTogether(2, () =>
    runKernels(ASSEMBLE_TOKENS_GRADIENT, { dy }, {}),
  );
  return { positions, classEmbedding, patches: () => someTokens(dy, 1, patches) };
});
