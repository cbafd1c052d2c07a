import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../files/folder';
import { layerNorm } from '../ops/layerNorm';
import { linear } from '../ops/linear';
import type { ClipConfig } from './config';
import { encoder } from './encoder';
import type { Weights } from './weights';

/**
 * CLIP's text tower f_T (Radford et al. 2021): a causal transformer whose output at the end token is projected.
 *
 * @param ids token ids [texts, maxPositionEmbeddings], each text ended and padded
 * @returns features, not normalised, [texts, projectionDim]
 */
export function textFeatures(weights: Weights, { text }: ClipConfig, ids: Int32Array): tf.Tensor2D {
  if (!text) throw new InputError('This model has no text tower, so it cannot read texts.');
  return tf.tidy(() => {
    const context = text.maxPositionEmbeddings;
    const count = ids.length / context;
    const ends = endPositions(ids, context, text.eosTokenId);
    // No token sees those after it, so what follows the longest text's end can be left out.
    const length = Math.max(...ends) + 1;
    const tokens = embedTokens(weights, tf.tensor2d(ids, [count, context], 'int32'), length);
    const encoded = encoder(weights, 'text_model', text, tokens, { causal: true });
    const rows = Int32Array.from(ends, (end, i) => i * length + end);
    const atEnd = tf.gather(
      tf.reshape(encoded, [count * length, text.hiddenSize]),
      tf.tensor1d(rows, 'int32'),
    );
    const normed = layerNorm(
      atEnd,
      weights['text_model.final_layer_norm.weight'],
      weights['text_model.final_layer_norm.bias'],
      text.layerNormEps,
    );
    return linear(normed, weights['text_projection.weight']) as tf.Tensor2D;
  });
}

/** Token and position embeddings of the first `length` tokens: [texts, length, width]. */
function embedTokens(weights: Weights, ids: tf.Tensor2D, length: number): tf.Tensor {
  const table = weights['text_model.embeddings.token_embedding.weight'];
  const [count] = ids.shape;
  const [, width] = table.shape;
  const flat = tf.reshape(tf.slice(ids, [0, 0], [count, length]), [count * length]);
  const embedded = tf.reshape(tf.gather(table, flat), [count, length, width]);
  const positions = weights['text_model.embeddings.position_embedding.weight'];
  return tf.add(embedded, tf.slice(positions, [0, 0], [length, width]));
}

/** Where each text's feature stands: at its first end token, by the older rule (2) at its largest id. */
function endPositions(ids: Int32Array, context: number, eosTokenId: number): number[] {
  return Array.from({ length: ids.length / context }, (_, i) => {
    const text = ids.subarray(i * context, (i + 1) * context);
    const end = eosTokenId === 2 ? text.indexOf(Math.max(...text)) : text.indexOf(eosTokenId);
    return Math.max(end, 0);
  });
}
