import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../files/folder';
import { type HostTensor, joinPieces, overlay, type TensorSource } from '../files/tensors';
import { gatherRows } from '../ops/gatherRows';
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
  const { table, rowOf } = tokenTable(tensors, ids);
  const weights = await uploadWeights(overlay(tensors, table), isTextWeight, options);
  return { weights, rowOf };
}

/** Of the token embeddings, the rows of these tokens, and where each lies. */
export function tokenTable(
  tensors: TensorSource,
  ids: Int32Array,
): { table: TensorSource; rowOf: ReadonlyMap<number, number> } {
  const tokens = [...new Set(ids)].sort((a, b) => a - b);
  const [, width] = tensors.shapes.get(TOKENS) ?? [0, 0];
  const table = {
    shapes: new Map([[TOKENS, [tokens.length, width]]]),
    async *pieces() {
      yield await readRows(tensors.pieces(TOKENS), tokens, width);
    },
  };
  return { table, rowOf: new Map(tokens.map((token, row) => [token, row])) };
}

/** A checkpoint's tensors with other rows for some tokens, in place of its own. */
export function withTokenRows(
  tensors: TensorSource,
  { data, shape: [, width] }: HostTensor,
  rowOf: ReadonlyMap<number, number>,
): TensorSource {
  const shape = tensors.shapes.get(TOKENS) ?? [0, 0];
  return overlay(tensors, {
    shapes: new Map([[TOKENS, shape]]),
    async *pieces() {
      const whole = await joinPieces(shape, tensors.pieces(TOKENS));
      for (const [token, row] of rowOf)
        whole.set(data.subarray(row * width, (row + 1) * width), token * width);
      yield whole;
    },
  });
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

/** Texts as a tower on the device takes them. */
export interface PlacedTexts {
  /** Where each token's row is in the table, [texts, length]. */
  rows: Int32Array<ArrayBuffer>;
  /** Where each text's feature stands, [texts]: at its end, or at the last token. */
  ends: Int32Array<ArrayBuffer>;
  /** Of the longest text, in tokens, where no token sees those after it, so that what follows is left out; else of all. */
  length: number;
}

/**
 * @param ids token ids [texts, maxPositionEmbeddings], each text ended and padded
 * @throws InputError where the model has no text tower
 */
export function placeTexts(
  { text }: ClipConfig,
  ids: Int32Array,
  rowOf: ReadonlyMap<number, number>,
): PlacedTexts {
  if (!text) throw new InputError('This model has no text tower, so it cannot read texts.');
  const { maxPositionEmbeddings: context, eosTokenId, form } = text;
  const ends = form.isCausal
    ? Int32Array.from(endPositions(ids, context, eosTokenId))
    : new Int32Array(ids.length / context).fill(context - 1);
  const length = Math.max(...ends) + 1;
  const rows = new Int32Array(ends.length * length);
  for (const i of ends.keys())
    for (let at = 0; at < length; at++) rows[i * length + at] = rowOf.get(ids[i * context + at]) ?? 0;
  return { rows, ends, length };
}

/**
 * CLIP's text tower f_T (Radford et al. 2021): a causal transformer whose output at the end token is projected; what other
 * families have in these places, `TextForm` says.
 *
 * @param ids token ids [texts, maxPositionEmbeddings], each text ended and padded; with prompts, longer than these
 * @returns features, not normalised, [texts, projectionDim]
 */
export function textFeatures(
  { weights, rowOf }: TextTower,
  config: ClipConfig,
  ids: Int32Array,
  options: TextOptions = {},
): tf.Tensor2D {
  return tf.tidy(() => {
    const { rows, ends, length } = placeTexts(config, ids, rowOf);
    const placed = tf.tensor2d(rows, [ends.length, length], 'int32');
    return placedTextFeatures(weights, config, placed, tf.tensor1d(ends, 'int32'), options);
  });
}

/**
 * As `textFeatures`, of texts on the device; gradients go to the token embeddings too.
 *
 * @param rows, ends as `PlacedTexts` has them, int32, [texts, length] and [texts]
 */
export function placedTextFeatures(
  weights: Weights,
  { text }: ClipConfig,
  rows: tf.Tensor,
  ends: tf.Tensor,
  { prompts, recompute }: TextOptions = {},
): tf.Tensor2D {
  if (!text) throw new InputError('This model has no text tower, so it cannot read texts.');
  return tf.tidy(() => {
    const [count, length] = rows.shape as [number, number];
    const encoded = encoder(weights, 'text_model', text, embedTokens(weights, rows, prompts), {
      causal: text.form.isCausal,
      prompts,
      promptsAt: PROMPTS_AT,
      recompute,
    });
    const starts = tf.range(0, count * length, length, 'int32');
    const atEnd = gatherRows(tf.reshape(encoded, [count * length, text.hiddenSize]), tf.add(starts, ends));
    const normed = layerNorm(
      atEnd,
      weights['text_model.final_layer_norm.weight'],
      weights['text_model.final_layer_norm.bias'],
      text.layerNormEps,
    );
    const { projection } = text.form;
    return linear(normed, weights[`${projection}.weight`], weights[`${projection}.bias`]) as tf.Tensor2D;
  });
}

/** Token and position embeddings, by the table's rows, [texts, length]: [texts, length, width]. */
function embedTokens(weights: Weights, rows: tf.Tensor, prompts?: tf.Tensor3D): tf.Tensor {
  const table = weights[TOKENS];
  const [count, length] = rows.shape as [number, number];
  const [, width] = table.shape as [number, number];
  const embedded = tf.reshape(gatherRows(table, tf.reshape(rows, [count * length])), [count, length, width]);
  const prompted = prompts ? replacePrompts(embedded, prompts, 0, PROMPTS_AT) : embedded;
  const positions = weights['text_model.embeddings.position_embedding.weight'];
  return tf.add(prompted, tf.slice(positions, [0, 0], [length, width]));
}

/** Where each text's feature stands: at its first end token, by the older rule (2) at its largest id. */
export function endPositions(ids: Int32Array, context: number, eosTokenId: number): number[] {
  return Array.from({ length: ids.length / context }, (_, i) => {
    const text = ids.subarray(i * context, (i + 1) * context);
    const end = eosTokenId === 2 ? text.indexOf(Math.max(...text)) : text.indexOf(eosTokenId);
    return Math.max(end, 0);
  });
}
