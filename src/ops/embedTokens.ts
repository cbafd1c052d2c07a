import * as tf from '@tensorflow/tfjs-core';
import { expandBatch } from './expandBatch';
import {
  EMBED_TOKENS,
  EMBED_TOKENS_GRADIENT,
  gradientsTogether,
  hasKernel,
  LINEAR_WEIGHT_GRADIENT,
  registerGradient,
  runKernel,
  runKernels,
} from './kernels';
import { flatPatchWeight, patchEmbedding } from './patchEmbedding';
import { patches } from './patches';
import './webgpu/embedTokens';

export interface TokenEmbedding {
  /** [width]. */
  classEmbedding: tf.Tensor;
  /** Of a convolution with kernel = stride, [width, 3, patchSize, patchSize]. */
  weight: tf.Tensor;
  /** [width]. */
  bias?: tf.Tensor;
  /** [1 + patches, width]. */
  positions: tf.Tensor;
}

/**
 * The tokens that a ViT's encoder takes: the class token before each image's embedded patches, and positions added.
 *
 * @param pixels [batch, 3, size, size]
 * @returns [batch, 1 + patches, width]
 */
export function embedTokens(pixels: tf.Tensor, embedding: TokenEmbedding): tf.Tensor {
  if (!hasKernel(EMBED_TOKENS)) return embedTokensComposition(pixels, embedding);
  return tf.tidy(() => {
    const patchSize = embedding.weight.shape[2] as number;
    const weight = flatPatchWeight(embedding.weight);
    return runKernel(EMBED_TOKENS, { ...embedding, weight, patches: patches(pixels, patchSize, true) }, {});
  });
}

/** What `embedTokens` means. */
export function embedTokensComposition(
  pixels: tf.Tensor,
  { classEmbedding, weight, bias, positions }: TokenEmbedding,
): tf.Tensor {
  return tf.tidy(() => {
    const embedded = patchEmbedding(pixels, weight, bias);
    const [batch, , width] = embedded.shape;
    const classTokens = expandBatch(tf.reshape(classEmbedding, [1, 1, width as number]), batch);
    return tf.add(tf.concat([classTokens, embedded], 1), positions);
  });
}

registerGradient(EMBED_TOKENS, { inputs: ['patches'] }, ([dy], [x]) => {
  const [positions, classEmbedding] = gradientsTogether(2, () =>
    runKernels(EMBED_TOKENS_GRADIENT, { dy }, {}),
  );
  const ofPatches = () => tf.slice(dy, [0, 1, 0], [-1, -1, -1]);
  return {
    positions,
    classEmbedding,
    bias: () => tf.sum(ofPatches(), [0, 1]),
    // The class token's row of x is 0.
    weight: () => runKernel(LINEAR_WEIGHT_GRADIENT, { dy, x }, { bias: false }),
    patches: () => {
      throw new Error('Nothing is learnt of pixels: their patches have no gradient.');
    },
  };
});
