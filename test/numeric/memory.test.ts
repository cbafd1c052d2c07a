import * as tf from '@tensorflow/tfjs-core';
import { afterEach, expect, it, vi } from 'vitest';
import * as memory from '../../src/device/memory';
import { recomputed } from '../../src/ops/recomputed';
import { Experiment } from '../../src/train/experiment';
import { fitMemory } from '../../src/train/stepMemory';
import type { Trainer } from '../../src/train/trainer';
import { openFixtureRun } from './fixtureRun';
import { eachBackend, largestDifference } from './setup';

vi.mock('../../src/device/memory', { spy: true });

afterEach(() => {
  vi.resetAllMocks();
});

const trainerOf = (experiment: Experiment) => (experiment as unknown as { trainer: Trainer }).trainer;

eachBackend((backend) => {
  it('what is computed again has the same gradients', async () => {
    const x = tf.tensor1d([0.5, -1, 2]);
    const weight = tf.tidy(() => tf.variable(tf.tensor1d([1, 2, 3])));
    const f = (t: tf.Tensor) => tf.sin(tf.mul(tf.square(t), weight));
    const gradients = (op: (t: tf.Tensor) => tf.Tensor) =>
      tf.tidy(() => {
        const { grads } = tf.variableGrads(() => tf.sum(tf.mul(op(tf.mul(x, weight)), 3)) as tf.Scalar);
        return grads[weight.name];
      });
    const [again, kept] = [gradients((t) => recomputed(f, [t], [weight])), gradients(f)];
    expect(largestDifference(await again.data(), await kept.data())).toBeLessThan(1e-6);
    tf.dispose([x, weight, again, kept]);
  });

  it('recomputing takes less memory where there is little, and changes no figure', async () => {
    const inputs = await openFixtureRun('full-adamw', {});
    const experiments = [await Experiment.load(inputs, {}), await Experiment.load(inputs, {})];
    const trainers = experiments.map(trainerOf);
    const roomy = fitMemory(trainers[0], inputs.train);
    expect(roomy).toEqual(experiments[0].memory);
    expect(roomy.recompute).toBe(false);
    if (backend === 'webgpu') {
      const tight = fitMemory(trainers[1], inputs.train, 1000);
      expect(tight.recompute).toBe(true);
      expect(tight.bytes).toBeLessThan(roomy.bytes);
    }
    trainers[1].recompute = true;
    const batch = await experiments[0].nextBatch();
    for (let step = 0; step < 3; step++) {
      const [kept, again] = await Promise.all(trainers.map((trainer) => trainer.trainStep(batch)));
      expect(again.total).toBeCloseTo(kept.total, 4);
    }
    for (const experiment of experiments) experiment.dispose();
  });

  it('counts the texts that a batch meets, not all', async () => {
    const inputs = await openFixtureRun('full-adamw', {});
    const texts = Array.from({ length: 1000 }, (_, i) => `text ${i}`);
    const bytesWith = async (maxTexts: number) => {
      const loss = { ...inputs.loss, maxTexts };
      const dataset = { ...inputs.dataset, texts: [...inputs.dataset.texts, ...texts] };
      const experiment = await Experiment.load({ ...inputs, dataset, loss }, {});
      experiment.dispose();
      return experiment.memory.bytes;
    };
    const [few, all] = [await bytesWith(10), await bytesWith(2000)];
    const logits = 4 * inputs.train.batchSize * texts.length;
    if (backend === 'webgpu') expect(few).toBeLessThan(all - logits);
    else expect([few, all]).toEqual([0, 0]);
  });

  it('names a batch size that fits where a buffer is too large', async () => {
    const inputs = await openFixtureRun('full-adamw', {});
    const experiment = await Experiment.load(inputs, {});
    vi.mocked(memory.largestBuffer).mockReturnValue(200_000);
    const fit = () => fitMemory(trainerOf(experiment), inputs.train);
    if (backend === 'webgpu')
      expect(fit).toThrow(
        /^train\.batchSize \d+ needs a buffer of .* MB, but this device allows 1 MB: a batchSize of \d+ would fit, or a train\.accumulate of \d+, which takes the batch in so many parts\.$/,
      );
    else expect(fit).not.toThrow();
    experiment.dispose();
  });
});
