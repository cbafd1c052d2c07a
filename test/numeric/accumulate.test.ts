import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { openPretraining, withAbsolutePaths } from '../../src/cli/openRun';
import type { HostTensors } from '../../src/files/tensors';
import { parseRun } from '../../src/run/schema';
import { Experiment } from '../../src/train/experiment';
import { Pretraining } from '../../src/train/pretraining';
import { fitMemory } from '../../src/train/stepMemory';
import { openFixtureRun } from './fixtureRun';
import { eachBackend, largestDifference } from './setup';

/** So that what a step changes is a multiple of the gradients; with AdamW, rounding would be magnified. */
const plainDescent = {
  optimizer: 'sgd',
  momentum: 0,
  weightDecay: 0,
  learningRate: 0.05,
  schedule: 'constant',
};

const fixture = fileURLToPath(new URL('../fixtures/reference', import.meta.url));

function loadContrastive(train: object): Promise<Pretraining> {
  const settings = { ...plainDescent, batchSize: 8, steps: 8, augment: 'none', ...train };
  const run = parseRun(
    { student: 'student', data: 'data', method: 'contrastive', train: settings },
    'the run',
  );
  return openPretraining(withAbsolutePaths(run, fixture), () => undefined).then((inputs) =>
    Pretraining.load(inputs, {}),
  );
}

const loadRun = async (name: string, change: Record<string, unknown>, train: object) =>
  Experiment.load(
    await openFixtureRun(name, { ...change, train: { ...plainDescent, steps: 8, ...train } }),
    {},
  );

type Load = (train: object) => Promise<Experiment | Pretraining>;

/** The totals of three steps, and what the first one changed. */
async function train(load: Load, accumulate: number) {
  const run = await load({ accumulate });
  const { tensors: before } = await run.snapshot();
  const takeStep = async () => (await run.train(await run.nextBatch())).total;
  const totals = [await takeStep()];
  const { tensors: after } = await run.snapshot();
  const live = tf.memory().numTensors;
  totals.push(await takeStep(), await takeStep());
  expect(tf.memory().numTensors, 'live tensors after the steps').toBe(live);
  run.dispose();
  return { totals, changes: differences(before, after) };
}

function differences(before: HostTensors, after: HostTensors): Record<string, Float32Array> {
  const entries = Object.entries(after).map(
    ([name, { data }]) => [name, data.map((x, i) => x - before[name].data[i])] as const,
  );
  return Object.fromEntries(entries) as Record<string, Float32Array>;
}

const runs: [string, Load][] = [
  ['ComKD', (train) => loadRun('full-adamw', {}, train)],
  ['ComKD on prompts', (train) => loadRun('prompts-sgd', {}, train)],
  ['ComKD on heads', (train) => loadRun('heads-adamw', {}, train)],
  ['a student alone', (train) => loadRun('full-adamw', { method: 'none' }, train)],
  ['CLIP-KD', (train) => loadRun('full-adamw', { method: 'clipkd' }, train)],
  ['a whole CLIP', loadContrastive],
];

eachBackend((backend) => {
  it.each(runs)('%s learns the same from a batch in parts', async (_, load) => {
    const whole = await train(load, 1);
    // Batches are of 8: three parts of 3, 3 and 2; at 100, each image is one.
    for (const parts of [3, 100]) {
      const inParts = await train(load, parts);
      expect(largestDifference(inParts.totals, whole.totals)).toBeLessThan(1e-5 * whole.totals[0]);
      const largest = Math.max(
        ...Object.values(whole.changes).map((change) => Math.max(...change.map(Math.abs))),
      );
      for (const [name, change] of Object.entries(whole.changes))
        expect(largestDifference(inParts.changes[name], change) / largest, name).toBeLessThan(1e-5);
    }
  });

  it('a batch in parts needs less memory', async () => {
    const bytesOf = async (accumulate: number) => {
      const run = await loadRun('full-adamw', {}, { accumulate });
      const { bytes } = fitMemory(Reflect.get(run, 'trainer'), { batchSize: 64 });
      run.dispose();
      return bytes;
    };
    if (backend === 'webgpu') expect(await bytesOf(8)).toBeLessThan((await bytesOf(1)) / 4);
  });
});
