import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { classAttention } from '../../src/clip/classAttention';
import { randomCheckpoint } from '../../src/clip/initialise';
import { imageTokens } from '../../src/clip/visionTower';
import { isVisionWeight, uploadWeights, type Weights } from '../../src/clip/weights';
import { Experiment } from '../../src/train/experiment';
import { openFixtureRun } from './fixtureRun';
import { eachBackend } from './setup';

const LAYER = 'vision_model.encoder.layers.0';
const tower = { hidden_size: 16, intermediate_size: 32, num_hidden_layers: 1, num_attention_heads: 2 };
const config = { projection_dim: 8, vision_config: { ...tower, image_size: 32, patch_size: 16 } };

/** The same number by number: layer norm, the queries and keys, softmax of the class token's scores, mean over the heads. */
async function byHand(weights: Weights, tokens: number[][]): Promise<number[]> {
  const read = async (name: string) => weights[`${LAYER}.${name}`].array();
  const gain = (await read('layer_norm1.weight')) as number[];
  const shift = (await read('layer_norm1.bias')) as number[];
  const rows = (await read('self_attn.qkv_proj.weight')) as number[][];
  const bias = (await read('self_attn.qkv_proj.bias')) as number[];
  const normed = tokens.map((token) => {
    const mean = token.reduce((a, b) => a + b) / token.length;
    const variance = token.reduce((sum, value) => sum + (value - mean) ** 2, 0) / token.length;
    return token.map((value, i) => ((value - mean) / Math.sqrt(variance + 1e-5)) * gain[i] + shift[i]);
  });
  const product = (row: number, token: number[]) =>
    rows[row].reduce((sum, weight, i) => sum + weight * token[i], bias[row]);
  const [width, heads] = [tower.hidden_size, tower.num_attention_heads];
  const size = width / heads;
  const shares = tokens.map(() => 0);
  for (let head = 0; head < heads; head++) {
    const places = Array.from({ length: size }, (_, i) => head * size + i);
    const scores = normed.map((token) =>
      Math.exp(
        places.reduce((sum, at) => sum + product(at, normed[0]) * product(width + at, token), 0) /
          Math.sqrt(size),
      ),
    );
    const all = scores.reduce((a, b) => a + b);
    for (const [i, score] of scores.entries()) shares[i] += score / all / heads;
  }
  return shares;
}

eachBackend(() => {
  it('is the class token’s attention in the last layer', async () => {
    const checkpoint = randomCheckpoint(config, 1, 'test');
    const weights = await uploadWeights(checkpoint.tensors, isVisionWeight);
    // Random keys and queries start small; larger ones tell tokens apart.
    const name = `${LAYER}.self_attn.qkv_proj.weight`;
    const small = weights[name];
    weights[name] = tf.mul(small, 20);
    small.dispose();
    const pixels = tf.randomNormal([1, 3, 32, 32], 0, 1, 'float32', 3);
    const tokens = tf.tidy(() => imageTokens(weights, checkpoint.config.vision, pixels));
    const attention = classAttention(weights, checkpoint.config, pixels);
    const [[found], [read]] = [await attention.array(), (await tokens.array()) as number[][][]];
    const expected = await byHand(weights, read);
    tf.dispose([weights, pixels, tokens, attention]);
    expect(found).toHaveLength(5);
    for (const [i, share] of expected.entries()) expect(found[i]).toBeCloseTo(share, 4);
    expect(Math.max(...found) - Math.min(...found)).toBeGreaterThan(0.01);
  });

  it.each(['full-adamw', 'prompts-sgd'])('leaves out class token and prompts in a run, %s', async (run) => {
    const experiment = await Experiment.load(await openFixtureRun(run), {});
    const maps = await experiment.attentionMaps(0);
    const { logits, predictions, embeddings } = await experiment.evaluate(3);
    experiment.dispose();
    for (const { grid, weights } of Object.values(maps)) {
      expect(weights).toHaveLength(grid * grid);
      const sum = weights.reduce((a: number, b: number) => a + b, 0);
      expect(sum).toBeGreaterThan(0.1);
      expect(sum).toBeLessThan(1);
    }
    for (const model of ['teacher', 'student'] as const) {
      expect(logits[model]).toHaveLength(predictions.length * logits.texts.length);
      const first = logits[model].subarray(0, logits.texts.length);
      expect(logits.texts[first.indexOf(Math.max(...first))]).toBe(predictions[0][model][0].text);
    }
    // The features that are handed on are those that the logits come from, row by row.
    const { dimension, teacher, student, texts } = embeddings;
    expect([teacher.length, student.length]).toEqual([3 * dimension, 3 * dimension]);
    const last = (row: number) => teacher[2 * dimension + row] * texts[dimension + row];
    const cosine = Array.from({ length: dimension }, (_, i) => last(i)).reduce((a, b) => a + b, 0);
    expect(logits.scale * cosine).toBeCloseTo(logits.teacher[2 * logits.texts.length + 1], 3);
    expect(Math.hypot(...student.subarray(0, dimension))).toBeCloseTo(1, 4);
  });
});
