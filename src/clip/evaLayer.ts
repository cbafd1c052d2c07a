import * as tf from '@tensorflow/tfjs-core';
import { layerNorm } from '../ops/layerNorm';
import { linear } from '../ops/linear';
import type { TowerConfig } from './config';
import type { Weights } from './weights';

// What EVA-02's layers (Fang et al. 2023) have that CLIP's don't.

/** Patches a side that positions are stretched to, those of the images that EVA-02 was first trained with. */
const REFERENCE_GRID = 16;

/** The slowest rotation's base (Su et al. 2021, “RoFormer”). */
const BASE = 10_000;

/**
 * Queries and keys turned by where their patch lies (rotary positions in two dimensions): the first half of a head's
 * numbers by its row, the second by its column, pair by pair. The class token before the patches and prompts behind them
 * are not turned; values neither.
 *
 * @param qkv queries, keys and values side by side, [batch, tokens, 3 width]
 * @param grid patches a side
 */
export function rotate(qkv: tf.Tensor, heads: number, grid: number): tf.Tensor {
  return tf.tidy(() => {
    const [batch, tokens, threeWidths] = qkv.shape as [number, number, number];
    const width = threeWidths / 3;
    const { cosines, sines } = rotations(tokens, width / heads, grid);
    const forAll = (table: Float32Array) =>
      tf.tile(tf.tensor(table, [tokens, width / heads]), [1, 2 * heads]);
    const turning = tf.slice(qkv, [0, 0, 0], [batch, tokens, 2 * width]);
    const swapped = tf.reshape(tf.reverse(tf.reshape(turning, [-1, 2]), 1), turning.shape);
    const turned = tf.add(tf.mul(turning, forAll(cosines)), tf.mul(swapped, forAll(sines)));
    return tf.concat([turned, tf.slice(qkv, [0, 0, 2 * width], [batch, tokens, width])], 2);
  });
}

/** What each number of a head is multiplied with, and its neighbour in the pair: [tokens, headSize] each. */
function rotations(tokens: number, headSize: number, grid: number) {
  const cosines = new Float32Array(tokens * headSize).fill(1);
  const sines = new Float32Array(tokens * headSize);
  const bands = headSize / 4;
  for (let patch = 0; patch < grid * grid; patch++)
    for (const [axis, place] of [Math.floor(patch / grid), patch % grid].entries())
      for (let band = 0; band < bands; band++) {
        const angle = ((place * REFERENCE_GRID) / grid) * BASE ** (-band / bands);
        const at = (1 + patch) * headSize + 2 * (axis * bands + band);
        cosines.fill(Math.cos(angle), at, at + 2);
        sines.set([-Math.sin(angle), Math.sin(angle)], at);
      }
  return { cosines, sines };
}

/**
 * A gated perceptron with a norm within (SwiGLU; Shazeer 2020): norm(SiLU(x Gᵀ + g) · (x W₁ᵀ + b₁)) W₂ᵀ + b₂ + residual.
 *
 * @param x [batch, tokens, width]
 */
export function gatedMlp(
  weights: Weights,
  name: string,
  { layerNormEps }: TowerConfig,
  x: tf.Tensor,
  residual: tf.Tensor,
): tf.Tensor {
  return tf.tidy(() => {
    const part = (own: string) => [weights[`${name}.${own}.weight`], weights[`${name}.${own}.bias`]] as const;
    const gate = linear(x, ...part('gate_proj'));
    const gated = tf.mul(tf.mul(gate, tf.sigmoid(gate)), linear(x, ...part('fc1')));
    return linear(layerNorm(gated, ...part('inner_norm'), layerNormEps), ...part('fc2'), residual);
  });
}
