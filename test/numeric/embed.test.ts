import fs from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { decodeImage } from '../../src/cli/decode';
import { diskFolder } from '../../src/cli/disk';
import { type Checkpoint, loadCheckpoint } from '../../src/clip/checkpoint';
import { normalise, preprocess } from '../../src/clip/preprocess';
import { textFeatures } from '../../src/clip/textTower';
import { imageFeatures } from '../../src/clip/visionTower';
import { isTextWeight, isVisionWeight, uploadWeights, type Weights } from '../../src/clip/weights';
import { readSafetensors } from '../../src/files/safetensors';
import { l2Normalize } from '../../src/ops/l2Normalize';
import { eachBackend, largestDifference } from './setup';

const root = 'test/fixtures/reference';

async function readExpected(model: string) {
  const path = `${root}/expected-${model}.safetensors`;
  return readSafetensors(new Blob([fs.readFileSync(path)]), path);
}

async function pixelsOf({ preprocessor }: Checkpoint, names: string[]): Promise<tf.Tensor> {
  const { size } = preprocessor;
  const pixels = new Float32Array(names.length * 3 * size * size);
  for (const [i, name] of names.entries()) {
    const image = await decodeImage(new Blob([fs.readFileSync(`${root}/data/${name}`)]), name);
    normalise(preprocess(image, preprocessor), preprocessor, pixels, i * 3 * size * size);
  }
  return tf.tensor(pixels, [names.length, 3, size, size]);
}

/** Runs with weights on the device and frees them. */
async function withWeights<T>(weights: Weights, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } finally {
    tf.dispose(weights);
  }
}

async function values(features: () => tf.Tensor): Promise<Float32Array> {
  const result = tf.tidy(() => l2Normalize(features()));
  const data = await result.data<'float32'>();
  result.dispose();
  return data;
}

eachBackend(() => {
  for (const model of ['teacher', 'student']) {
    it(`embeds images as PyTorch does with the ${model}`, async () => {
      const checkpoint = await loadCheckpoint(await diskFolder(`${root}/${model}`));
      const names = fs.readdirSync(`${root}/data`).filter((name) => name.endsWith('.png'));
      const pixels = await pixelsOf(checkpoint, names);
      const weights = uploadWeights(checkpoint.tensors, isVisionWeight);
      const got = await withWeights(weights, () =>
        values(() => imageFeatures(weights, checkpoint.config, pixels)),
      );
      pixels.dispose();
      expect(largestDifference(got, (await readExpected(model))['image_embeds'].data)).toBeLessThan(1e-5);
    });

    it(`embeds texts as PyTorch does with the ${model}, by both end-of-text rules`, async () => {
      const { config, tensors } = await loadCheckpoint(await diskFolder(`${root}/${model}`));
      const expected = await readExpected(model);
      const ids = Int32Array.from(expected['input_ids'].data);
      const weights = uploadWeights(tensors, isTextWeight);
      const older = { ...config, text: config.text && { ...config.text, eosTokenId: 2 } };
      await withWeights(weights, async () => {
        for (const rule of [config, older]) {
          const got = await values(() => textFeatures(weights, rule, ids));
          expect(largestDifference(got, expected['text_embeds'].data)).toBeLessThan(1e-5);
        }
      });
    });
  }

  it('gives every weight of the image tower and the prompts a gradient', async () => {
    const { config, tensors, preprocessor } = await loadCheckpoint(await diskFolder(`${root}/student`));
    const uploaded = uploadWeights(tensors, isVisionWeight);
    const weights = Object.fromEntries(Object.entries(uploaded).map(([name, t]) => [name, tf.variable(t)]));
    const { hiddenSize, numHiddenLayers } = config.vision;
    const start = tf.randomNormal([numHiddenLayers, 4, hiddenSize], 0, 0.02, 'float32', 1);
    const prompts = tf.variable(start) as tf.Variable<tf.Rank.R3>;
    const pixels = tf.randomNormal([2, 3, preprocessor.size, preprocessor.size], 0, 1, 'float32', 2);
    const { value, grads } = tf.variableGrads(
      () => tf.sum(tf.square(imageFeatures(weights, config, pixels, { prompts }))) as tf.Scalar,
    );
    expect(Object.keys(grads)).toHaveLength(Object.keys(weights).length + 1);
    for (const [name, weight] of [...Object.entries(weights), ['prompts', prompts] as const]) {
      const gradient = grads[weight.name];
      expect(gradient.shape).toEqual(weight.shape);
      const largest = (await gradient.data<'float32'>()).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      expect(largest, name).toBeGreaterThan(1e-4);
    }
    tf.dispose([uploaded, weights, start, prompts, pixels, value, grads]);
  });
});
