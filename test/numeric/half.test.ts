import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { diskFolder } from '../../src/cli/disk';
import { loadCheckpoint } from '../../src/clip/checkpoint';
import { imageFeatures } from '../../src/clip/visionTower';
import { isVisionWeight, uploadWeights } from '../../src/clip/weights';
import { hasHalf, type Precision } from '../../src/device/webgpu/half';
import { inMemory } from '../../src/files/tensors';
import { l2Normalize } from '../../src/ops/l2Normalize';
import { linear } from '../../src/ops/linear';
import { halfClassOf, halfVariants, nameOf, sizes, useVariants } from '../../src/ops/webgpu/matmulVariants';
import { Experiment } from '../../src/train/experiment';
import { imageNames, pixelsOf, readExpected, root } from './fixtureModel';
import { expectedMetrics, openFixtureRun } from './fixtureRun';
import { eachBackend, largestDifference } from './setup';

/** The first variant that multiplies in float16. */
const inHalf = (size: ReturnType<typeof sizes>[number]) => halfVariants(size)[1];

eachBackend(() => {
  it('a weight that lies as float16 gives the product of its rounded numbers', async () => {
    const random = (size: number, seed: number) =>
      tf.tidy(() => tf.randomNormal([size], 0, 1, 'float32', seed).dataSync<'float32'>());
    const name = 'vision_model.encoder.layers.0.mlp.fc1.weight';
    const tensors = inMemory({ [name]: { shape: [20, 12], data: await random(240, 1) } });
    if (!hasHalf()) {
      const upload = uploadWeights(tensors, () => true, { precision: 'float16' });
      await expect(upload).rejects.toThrow(/has no float16/);
      return;
    }
    const x = tf.randomNormal([7, 12], 0, 1, 'float32', 2);
    const exact = await uploadWeights(tensors, () => true);
    const halves = await uploadWeights(tensors, () => true, { precision: 'float16' });
    const [a, b] = [linear(x, exact[name]), linear(x, halves[name])];
    const difference = largestDifference(await a.data(), await b.data());
    expect(difference).toBeGreaterThan(1e-6);
    expect(difference).toBeLessThan(5e-3);
    tf.dispose([x, a, b, exact, halves]);
  });

  describe.each<Precision>(['float16', 'float16-arithmetic'])('a teacher in %s', (precision) => {
    /** What the device can do of it. */
    const possible = (): Precision => (hasHalf() ? precision : 'float32');

    beforeAll(() => {
      // As if multiplying in float16 had been measured to be faster.
      if (hasHalf()) useVariants(new Map(sizes().map((size) => [halfClassOf(size), nameOf(inHalf(size))])));
    });

    it('has PyTorch’s features within 1e-2', async () => {
      const checkpoint = await loadCheckpoint(await diskFolder(`${root}/teacher`));
      const pixels = await pixelsOf(checkpoint, imageNames());
      const options = { precision: possible() };
      const weights = await uploadWeights(checkpoint.tensors, isVisionWeight, options);
      const features = tf.tidy(() => l2Normalize(imageFeatures(weights, checkpoint.config, pixels)));
      const { data } = (await readExpected('teacher'))['image_embeds'];
      expect(largestDifference(await features.data(), data)).toBeLessThan(1e-2);
      tf.dispose([weights, pixels, features]);
    });

    it('teaches the same within 1e-2', async () => {
      const inputs = await openFixtureRun('full-adamw', {});
      const experiment = await Experiment.load({ ...inputs, teacherPrecision: possible() }, {});
      for (const expected of expectedMetrics('full-adamw')) {
        const { total } = await experiment.train(await experiment.nextBatch());
        expect(Math.abs(total - expected.total) / expected.total).toBeLessThan(1e-2);
      }
      experiment.dispose();
    });
  });
});
