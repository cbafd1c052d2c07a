import * as tf from '@tensorflow/tfjs-core';
import { attention } from '../ops/attention';
import { expandBatch } from '../ops/expandBatch';
import { layerNorm, layerNormAround } from '../ops/layerNorm';
import { linear } from '../ops/linear';
import { mlp } from '../ops/mlp';
import { recomputed } from '../ops/recomputed';
import { someTokens } from '../ops/someTokens';
import type { TowerConfig } from './config';
import { gatedMlp, rotate } from './evaLayer';
import { trainedIn, type Weights } from './weights';

export interface EncoderOptions {
  /** A token sees only itself and those before it. */
  causal: boolean;
  /** Deep prompts [depth, n, width]: from layer 1 on, each takes the place of n tokens. Layer 0's are in x already. */
  prompts?: tf.Tensor3D;
  /** Where the first of these n tokens stands; they are the last ones where undefined. */
  promptsAt?: number;
  /** Only the first token is wanted: the last layer computes no other beyond its attention. */
  firstToken?: boolean;
  /** Patches a side, where the layers are EVA-02's. */
  evaGrid?: number;
  /** Layers are computed again in the backward pass: little memory for a third more work. */
  recompute?: boolean;
}

/**
 * CLIP's transformer: pre-norm residual blocks of self-attention and a two-layer perceptron; with `evaGrid`, EVA-02's.
 *
 * @param tower 'vision_model' or 'text_model'
 * @param x [batch, tokens, width]
 * @returns [batch, tokens, width]; with `firstToken`, [batch, 1, width]
 */
export function encoder(
  weights: Weights,
  tower: string,
  config: TowerConfig,
  x: tf.Tensor,
  { causal, prompts, promptsAt, firstToken = false, evaGrid, recompute = false }: EncoderOptions,
): tf.Tensor {
  return tf.tidy(() => {
    let hidden = x;
    for (let i = 0; i < config.numHiddenLayers; i++) {
      const input = hidden;
      hidden = tf.tidy(() => {
        const isPrompted = prompts && i > 0 && i < prompts.shape[0];
        const prompted = isPrompted ? replacePrompts(input, prompts, i, promptsAt) : input;
        const isCut = firstToken && i === config.numHiddenLayers - 1;
        const name = `${tower}.encoder.layers.${i}`;
        const layer = (y: tf.Tensor) =>
          encoderLayer(weights, name, config, y, { causal, evaGrid, firstToken: isCut });
        return recompute
          ? recomputed(
              layer,
              [prompted],
              trainedIn(weights, (one) => one.startsWith(`${name}.`)),
            )
          : layer(prompted);
      });
      if (input !== x) input.dispose();
    }
    return hidden;
  });
}

function encoderLayer(
  weights: Weights,
  layer: string,
  config: TowerConfig,
  x: tf.Tensor,
  { causal, evaGrid, firstToken }: Pick<EncoderOptions, 'causal' | 'evaGrid' | 'firstToken'>,
): tf.Tensor {
  const weight = (name: string) => weights[`${layer}.${name}.weight`];
  const bias = (name: string) => weights[`${layer}.${name}.bias`];
  const norm = (name: string, input: tf.Tensor) =>
    layerNormAround(input, weight(name), bias(name), config.layerNormEps);

  const before = norm('layer_norm1', x);
  const qkv = queriesKeysValues(weights, layer, config, before.normed, evaGrid);
  const looked = attention(qkv, config.numAttentionHeads, causal, firstToken ? 1 : undefined);
  const inner = 'self_attn.inner_norm';
  const mixed =
    evaGrid === undefined ? looked : layerNorm(looked, weight(inner), bias(inner), config.layerNormEps);
  const attended = linear(
    mixed,
    weight('self_attn.out_proj'),
    bias('self_attn.out_proj'),
    firstToken ? someTokens(before.around, 0, 1) : before.around,
  );

  const between = norm('layer_norm2', attended);
  if (evaGrid !== undefined) return gatedMlp(weights, `${layer}.mlp`, config, between.normed, between.around);
  const [first, second] = ['mlp.fc1', 'mlp.fc2'].map((name) => ({ weight: weight(name), bias: bias(name) }));
  return mlp(between.normed, first, second, config.hiddenAct, between.around);
}

/** A layer's queries, keys and values of x [batch, tokens, width], normed: [batch, tokens, 3 width]. */
export function queriesKeysValues(
  weights: Weights,
  layer: string,
  { numAttentionHeads }: TowerConfig,
  x: tf.Tensor,
  evaGrid?: number,
): tf.Tensor {
  const name = `${layer}.self_attn.qkv_proj`;
  const qkv = linear(x, weights[`${name}.weight`], weights[`${name}.bias`]);
  return evaGrid === undefined ? qkv : rotate(qkv, numAttentionHeads, evaGrid);
}

/** x [batch, tokens, width] with the n tokens from `at` on, the last ones where undefined, replaced by layer i's prompts. */
export function replacePrompts(x: tf.Tensor, prompts: tf.Tensor3D, i: number, at?: number): tf.Tensor {
  const [batch, tokens, width] = x.shape;
  const [, n] = prompts.shape;
  const start = at ?? tokens - n;
  const rest = tokens - start - n;
  const parts = [tf.slice(x, [0, 0, 0], [batch, start, width]), layerPrompts(prompts, i, batch)];
  if (rest > 0) parts.push(tf.slice(x, [0, start + n, 0], [batch, rest, width]));
  return tf.concat(parts, 1);
}

/** Layer i's prompts for every item of a batch: [batch, n, width]. */
export function layerPrompts(prompts: tf.Tensor3D, i: number, batch: number): tf.Tensor {
  const [, n, width] = prompts.shape;
  return expandBatch(tf.slice(prompts, [i, 0, 0], [1, n, width]), batch);
}
