import { expect, it } from 'vitest';
import { Experiment } from '../../src/train/experiment';
import { exportedTensors } from './exportedTensors';
import {
  expectedMetrics,
  expectedTensors,
  hasNoEffect,
  largestEntry,
  openFixtureRun,
  runNames,
} from './fixtureRun';
import { eachBackend, largestDifference } from './setup';

const FIGURES = ['total', 'mean', 'variance', 'align', 'kl', 'alpha'] as const;

eachBackend(() => {
  it.each(runNames)('the run %s agrees with PyTorch in losses and final weights', async (name) => {
    const experiment = await Experiment.load(await openFixtureRun(name), {});
    for (const expected of expectedMetrics(name)) {
      const metrics = await experiment.train(await experiment.nextBatch());
      for (const figure of FIGURES) {
        const difference = Math.abs(metrics[figure] - expected[figure]) / Math.abs(expected[figure]);
        expect(difference, `${figure} after step ${metrics.step}`).toBeLessThan(1e-3);
      }
    }
    expect(experiment.isFinished).toBe(true);
    const { tower, heads } = await exportedTensors(experiment);
    const final = { ...tower, ...heads };
    for (const [key, { data }] of Object.entries(await expectedTensors(name))) {
      const tensor = key.replace(/^final\./, '');
      if (key.startsWith('grad.') || hasNoEffect(tensor)) continue;
      const largest = Math.max(1e-3, largestEntry(data));
      expect(largestDifference(final[tensor].data, data) / largest, tensor).toBeLessThan(2e-3);
    }
    experiment.dispose();
  });
});
