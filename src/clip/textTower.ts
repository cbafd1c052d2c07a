import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../files/folder';
import { type HostTensor, inMemory, overlay, type TensorSource } from '../files/tensors';
import { layerNorm } from '../ops/layerNorm';
import { linear } from '../ops/linear';
import type { ClipConfig } from './config';
import { type EncoderOptions, encoder, replacePrompts } from './encoder';
import { isTextWeight, type UploadOptions, uploadWeights, type Weights } from './weights';

const TOKENS = 'text_model.embeddings.token_embedding.weight';

/** A text tower on the device for certain texts: of the token embeddings it has only the rows that occur in them. */
export interface TextTower {
  weights: Weights;
  /** Where a token's row is. */
  rowOf: ReadonlyMap<number, number>;
}

/**
 * Puts a text tower on the device. The whole table of 49,408 tokens would be larger than some devices allow a buffer to
 * be. The caller disposes the weights.
 *
 * @param ids of all tokens that the tower will be given, in any order
 */
export async function uploadTextTower(
  tensors: TensorSource,
  ids: Int32Array,
  options: UploadOptions = {},
): Promise<TextTower> {
  const tokens = [...new Set(ids)].sort((a, b) => a - b);
  const table = inMemory({ [TOKENS]: await tokenEmbeddings(tensors, tokens) });
  const weights = await uploadWeights(overlay(tensors, table), isTextWeight, options);
  return { weights, rowOf: new Map(tokens.map((token, row) => [token, row])) };
}

/** Rows of the token embeddings in main memory, [tokens, width], in the order of these tokens. */
export async function tokenEmbeddings(tensors: TensorSource, tokens: number[]): Promise<HostTensor> {
  const [, width] = tensors.shapes.get(TOKENS) ?? [0, 0];
  return { shape: [tokens.length, width], data: await readRows(tensors.pieces(TOKENS), tokens, width) };
}

/** These rows of a matrix of this width, below one another. */
async function readRows(
  pieces: AsyncIterable<Float32Array>,
  rows: number[],
  width: number,
): Promise<Float32Array> {
  const found = new Float32Array(rows.length * width);
  let at = 0;
  for await (const piece of pieces) {
    for (const [i, row] of rows.entries()) {
      const from = Math.max(row * width, at);
      const to = Math.min((row + 1) * width, at + piece.length);
      if (from < to) found.set(piece.subarray(from - at, to - at), (i - row) * width + from);
    }
    at += piece.length;
  }
  return found;
}

export interface TextOptions extends Pick<EncoderOptions, 'recompute'> {
  /**
   * Deep text prompts [depth, n, width] (PromptSRC): layer i gets prompts[i] in the place of what comes in at positions
   * 1…n, after the start token; layer 0's stand in for token embeddings and get their positions.
   */
  prompts?: tf.Tensor3D;
}

/** Prompts stand right after the start token. */
const PROMPTS_AT = 1;

/**
 * CLIP's text tower f_T (Radford et al. 2021): a causal transformer whose output at the end token is projected.
 *
 * @param ids token ids [texts, maxPositionEmbeddings], each text ended and padded; with prompts, longer than these
 * @returns features, not normalised, [texts, projectionDim]
 */
export function textFeatures(
  { weights, rowOf }: TextTower,
  { text }: ClipConfig,
  ids: Int32Array,
  { prompts, recompute }: TextOptions = {},
): tf.Tensor2D {
  if (!text) throw new InputError('This model has no text tower, so it cannot read texts.');
  return tf.tidy(() => {
    const context = text.maxPositionEmbeddings;
    const count = ids.length / context;
    const ends = endPositions(ids, context, text.eosTokenId);
    // No token sees those after it, so what follows the longest text's end can be left out.
    const length = Math.max(...ends) + 1;
    const rowsOfTokens = ids.map((id) => rowOf.get(id) ?? 0);
    const rows = tf.slice(tf.tensor2d(rowsOfTokens, [count, context], 'int32'), [0, 0], [count, length]);
    const encoded = encoder(weights, 'text_model', text, embedTokens(weights, rows, prompts), {
      causal: true,
      prompts,
      promptsAt: PROMPTS_AT,
      recompute,
    });
    const normed = layerNorm(
      tokensAt(encoded, ends),
      weights['text_model.final_layer_norm.weight'],
      weights['text_model.final_layer_norm.bias'],
      text.layerNormEps,
    );
    return linear(normed, weights['text_projection.weight']) as tf.Tensor2D;
  });
}

/** Token and position embeddings by the tokens' rows of the table, [texts, length]: [texts, length, width]. */
function embedTokens(weights: Weights, rows: tf.Tensor, prompts?: tf.Tensor3D): tf.Tensor {
  const table = weights[TOKENS];
  const [count, length] = rows.shape;
  const [, width] = table.shape;
  const embedded = tf.reshape(tf.gather(table, tf.reshape(rows, [count * length])), [count, length, width]);
  const prompted = prompts ? replacePrompts(embedded, prompts, 0, PROMPTS_AT) : embedded;
  const positions = weights['text_model.embeddings.position_embedding.weight'];
  return tf.add(prompted, tf.slice(positions, [0, 0], [length, width]));
}

/**
 * The token at a position of each text, [texts, length, width] → [texts, width]: as a product, since the gradient of
 * `gather` is more than the wasm backend has.
 */
function tokensAt(x: tf.Tensor, positions: number[]): tf.Tensor {
  const [count, length, width] = x.shape as [number, number, number];
  const chosen = new Float32Array(count * length);
  for (const [text, position] of positions.entries()) chosen[text * length + position] = 1;
  return tf.reshape(tf.matMul(tf.tensor(chosen, [count, 1, length]), x), [count, width]);
}

/** Where each text's feature stands: at its first end token, by the older rule (2) at its largest id. */
export function endPositions(ids: Int32Array, context: number, eosTokenId: number): number[] {
  return Array.from({ length: ids.length / context }, (_, i) => {
    const text = ids.subarray(i * context, (i + 1) * context);
    const end = eosTokenId === 2 ? text.indexOf(Math.max(...text)) : text.indexOf(eosTokenId);
    return Math.max(end, 0);
  });
}
