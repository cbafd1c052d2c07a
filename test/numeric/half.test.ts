import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { uploadWeights } from '../../src/clip/weights';
import { hasHalf } from '../../src/device/webgpu/half';
import { inMemory } from '../../src/files/tensors';
import { linear } from '../../src/ops/linear';
import { Experiment } from '../../src/train/experiment';
import { expectedMetrics, openFixtureRun } from './fixtureRun';
import { eachBackend, largestDifference } from './setup';

eachBackend((backend) => {
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

  it('a teacher in float16 teaches the same within 1e-2', async () => {
    const inputs = await openFixtureRun('full-adamw', {});
    const precision = backend === 'webgpu' && hasHalf() ? 'float16' : 'float32';
    const experiment = await Experiment.load({ ...inputs, teacherPrecision: precision }, {});
    for (const expected of expectedMetrics('full-adamw')) {
      const { total } = await experiment.train(await experiment.nextBatch());
      expect(Math.abs(total - expected.total) / expected.total).toBeLessThan(1e-2);
    }
    experiment.dispose();
  });
});
