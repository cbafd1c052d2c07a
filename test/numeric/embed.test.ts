import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { diskFolder } from '../../src/cli/disk';
import { type Checkpoint, loadCheckpoint } from '../../src/clip/checkpoint';
import { textFeatures, uploadTextTower } from '../../src/clip/textTower';
import { imageFeatures } from '../../src/clip/visionTower';
import { isVisionWeight, uploadWeights, type Weights } from '../../src/clip/weights';
import { freeUnusedBuffers, memoryUse } from '../../src/device/memory';
import { blobFolder } from '../../src/files/blobs';
import { inMemory } from '../../src/files/tensors';
import { l2Normalize } from '../../src/ops/l2Normalize';
import { openClipCopy } from '../unit/openClipCopy';
import { imageNames, pixelsOf, readExpected, root } from './fixtureModel';
import { eachBackend, largestDifference } from './setup';

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

eachBackend((backend) => {
  for (const model of ['teacher', 'student']) {
    it(`embeds images as PyTorch does with the ${model}`, async () => {
      const checkpoint = await loadCheckpoint(await diskFolder(`${root}/${model}`));
      const pixels = await pixelsOf(checkpoint, imageNames());
      const weights = await uploadWeights(checkpoint.tensors, isVisionWeight);
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
      const tower = await uploadTextTower(tensors, ids);
      const older = { ...config, text: config.text && { ...config.text, eosTokenId: 2 } };
      await withWeights(tower.weights, async () => {
        for (const rule of [config, older]) {
          const got = await values(() => textFeatures(tower, rule, ids));
          expect(largestDifference(got, expected['text_embeds'].data)).toBeLessThan(1e-5);
        }
      });
    });
  }

  it('embeds the same with a copy in open_clip’s layout', async () => {
    const [hf, openClip] = [
      await loadCheckpoint(await diskFolder(`${root}/teacher`)),
      await loadCheckpoint(blobFolder('copy', await openClipCopy('teacher'))),
    ];
    const ids = Int32Array.from((await readExpected('teacher'))['input_ids'].data);
    const pixels = await pixelsOf(hf, ['000.png', '001.png', '002.png']);
    const embed = async ({ config, tensors }: Checkpoint) => {
      const weights = await uploadWeights(tensors, isVisionWeight);
      const tower = await uploadTextTower(tensors, ids);
      return withWeights({ ...weights, ...tower.weights }, async () => [
        await values(() => imageFeatures(weights, config, pixels)),
        await values(() => textFeatures(tower, config, ids)),
      ]);
    };
    const [expected, got] = [await embed(hf), await embed(openClip)];
    pixels.dispose();
    for (const [i, features] of got.entries())
      expect(largestDifference(features, expected[i])).toBeLessThan(1e-5);
  });

  it('says where a tensor is larger than a buffer may be', async () => {
    if (backend === 'wasm') return;
    const huge = { ...inMemory({}), shapes: new Map([['table', [2 ** 22, 2 ** 12]]]) };
    await expect(uploadWeights(huge, () => true)).rejects.toThrow(
      /^table takes 68719 MB in one buffer, and this/,
    );
  });

  it('gives the memory of a model that was let go back to the device', async () => {
    const { tensors } = await loadCheckpoint(await diskFolder(`${root}/teacher`));
    freeUnusedBuffers();
    const before = memoryUse().bytes;
    const weights = await uploadWeights(tensors, isVisionWeight);
    const bytes = Object.values(weights).reduce((sum, { size }) => sum + 4 * size, 0);
    expect(memoryUse().bytes - before).toBe(bytes);
    tf.dispose(weights);
    freeUnusedBuffers();
    expect(memoryUse().bytes).toBe(before);
  });

  it('reads one tensor after another, and leaves nothing behind where one can’t be read', async () => {
    const events: string[] = [];
    const shapes = new Map(['a', 'b', 'c'].map((name) => [name, [4, 2]]));
    const source = {
      shapes,
      async *pieces(name: string) {
        events.push(`${name} begins`);
        if (name === 'c') throw new Error('the disk is gone');
        yield Float32Array.of(1, 2, 3, 4);
        yield Float32Array.of(5, 6, 7, 8);
        events.push(`${name} ends`);
      },
    };
    const weights = await uploadWeights(source, (name) => name !== 'c');
    expect(events).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
    expect([...(await weights['b'].data())]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    tf.dispose(weights);
    await expect(uploadWeights(source, () => true)).rejects.toThrow('the disk is gone');
    const cancelling = new AbortController();
    const { signal } = cancelling;
    const cancelled = uploadWeights(source, () => true, { signal, onProgress: () => cancelling.abort() });
    await expect(cancelled).rejects.toThrow(/abort/);
  });

  it('gives every weight of the image tower and the prompts a gradient', async () => {
    const { config, tensors, preprocessor } = await loadCheckpoint(await diskFolder(`${root}/student`));
    const uploaded = await uploadWeights(tensors, isVisionWeight);
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
