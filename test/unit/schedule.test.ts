import { describe, expect, it } from 'vitest';
import type { TrainOptions } from '../../src/train/options';
import { learningRateAt } from '../../src/train/schedule';

const options: TrainOptions = {
  parameters: 'full',
  optimizer: 'adamw',
  learningRate: 0.1,
  weightDecay: 0,
  momentum: 0,
  batchSize: 8,
  accumulate: 1,
  steps: 100,
  schedule: 'cosine',
  warmupSteps: 0,
  shuffle: true,
  augment: 'none',
  seed: 0,
};

describe('learning rate', () => {
  it('stays the same where it is constant', () => {
    const rates = [0, 1, 50, 99].map((step) => learningRateAt(step, { ...options, schedule: 'constant' }));
    expect(rates).toEqual([0.1, 0.1, 0.1, 0.1]);
  });

  it('falls along half a cosine to nearly 0', () => {
    expect(learningRateAt(0, options)).toBe(0.1);
    expect(learningRateAt(50, options)).toBeCloseTo(0.05, 10);
    expect(learningRateAt(99, options)).toBeCloseTo(0.05 * (1 + Math.cos(0.99 * Math.PI)), 12);
    expect(learningRateAt(100, options)).toBe(0);
  });

  it('warms up in equal steps and then begins its cosine at the full rate', () => {
    const warm = { ...options, warmupSteps: 4 };
    const rates = [0, 1, 2, 3, 4].map((step) => learningRateAt(step, warm));
    expect(rates.map((rate) => Number(rate.toFixed(12)))).toEqual([0.025, 0.05, 0.075, 0.1, 0.1]);
    expect(learningRateAt(52, warm)).toBeCloseTo(0.05, 10);
  });
});
