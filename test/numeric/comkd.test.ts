import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { crossEntropy } from '../../src/distill/crossEntropy';
import { Experiment } from '../../src/train/experiment';
import { expectedTensors, hasNoEffect, largestEntry, openFixtureRun, runNames } from './fixtureRun';
import { eachBackend, largestDifference } from './setup';

/** One step of this makes a parameter smaller by exactly its gradient. */
const plainDescent = { optimizer: 'sgd', learningRate: 1, momentum: 0, weightDecay: 0, schedule: 'constant' };

/** By how much the first step changes all that is trained. */
async function firstChanges(name: string, train: object): Promise<number[]> {
  const experiment = await Experiment.load(await openFixtureRun(name, { train }), {});
  const before = (await experiment.snapshot()).tensors;
  await experiment.train(await experiment.nextBatch());
  const after = (await experiment.snapshot()).tensors;
  experiment.dispose();
  const trained = Object.keys(before).filter((key) => !/momentum\.|running_/.test(key));
  return trained.flatMap((key) => Array.from(after[key].data, (x, i) => x - before[key].data[i]));
}

const lengthOf = (vector: number[]) => Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));

eachBackend(() => {
  it.each(runNames)('the first gradients of %s agree with PyTorch', async (name) => {
    const experiment = await Experiment.load(await openFixtureRun(name, { train: plainDescent }), {});
    const before = (await experiment.snapshot()).tensors;
    await experiment.train(await experiment.nextBatch());
    const after = (await experiment.snapshot()).tensors;
    experiment.dispose();
    const gradients = Object.entries(await expectedTensors(name)).filter(([key]) => key.startsWith('grad.'));
    expect(gradients.length).toBeGreaterThan(5);
    for (const [key, { data }] of gradients) {
      const tensor = key.replace('grad.', '');
      if (hasNoEffect(tensor)) continue;
      const gradient = before[tensor].data.map((x, i) => x - after[tensor].data[i]);
      // The subtraction loses what lies below float32's spacing at the parameter's own size.
      const spacing = 2 ** -23 * largestEntry(before[tensor].data);
      expect(largestDifference(gradient, data), tensor).toBeLessThan(1e-3 * largestEntry(data) + spacing);
    }
  });

  it.each(['full-adamw', 'prompts-sgd'])('a step of %s is shortened to the largest norm', async (name) => {
    const free = await firstChanges(name, plainDescent);
    const norm = lengthOf(free);
    const clipped = await firstChanges(name, { ...plainDescent, maxGradientNorm: norm / 4 });
    expect(lengthOf(clipped) / norm).toBeCloseTo(1 / 4, 4);
    const expected = free.map((x) => x / 4);
    expect(largestDifference(clipped, expected)).toBeLessThan(1e-5 * norm);
    const short = await firstChanges(name, { ...plainDescent, maxGradientNorm: 2 * norm });
    expect(short).toEqual(free);
  });

  it('the cross-entropy spreads over several right texts', async () => {
    const loss = tf.tidy(() =>
      crossEntropy(
        tf.tensor2d([
          [1, 2, 3],
          [0, 0, 0],
        ]),
        tf.tensor2d([
          [0, 0, 1],
          [0.5, 0.5, 0],
        ]),
      ),
    );
    const expected = (Math.log(1 + Math.exp(-1) + Math.exp(-2)) + Math.log(3)) / 2;
    expect((await loss.data())[0]).toBeCloseTo(expected, 5);
    loss.dispose();
  });

  it('PromptKD is the refinement alone, and EduAttention is left as it is', async () => {
    const experiment = await Experiment.load(await openFixtureRun('heads-adamw', { method: 'promptkd' }), {});
    const before = (await experiment.snapshot()).tensors;
    const figures = await experiment.train(await experiment.nextBatch());
    const { eduAttention, tensors } = await experiment.exportStudent();
    experiment.dispose();
    expect(Object.keys(figures)).toEqual(['step', 'total', 'kl', 'learningRate']);
    expect(figures.total).toBe(figures.kl);
    expect(Object.keys(before).some((name) => name.startsWith('edu.'))).toBe(false);
    expect(eduAttention).toBe(false);
    expect(Object.keys(tensors)).toContain('projector.fc1.weight');
  });

  it('without the refinement KL is told but not minimised', async () => {
    const experiment = await Experiment.load(
      await openFixtureRun('heads-adamw', { loss: { refine: false } }),
      {},
    );
    const { total, kl, align } = await experiment.train(await experiment.nextBatch());
    experiment.dispose();
    expect(total).toBeCloseTo(align, 6);
    expect(kl).toBeGreaterThan(0.1);
  });

  it('without distillation the student learns the right texts', async () => {
    const change = { method: 'none', train: { steps: 12, learningRate: 3e-3 } };
    const experiment = await Experiment.load(await openFixtureRun('heads-adamw', change), {});
    const totals: number[] = [];
    while (!experiment.isFinished) totals.push((await experiment.train(await experiment.nextBatch())).total);
    experiment.dispose();
    // The same six batches, twice.
    const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
    expect(sum(totals.slice(6))).toBeLessThan(0.9 * sum(totals.slice(0, 6)));
  });
});
