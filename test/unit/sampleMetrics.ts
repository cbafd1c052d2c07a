import type { StepMetrics } from '../../src/train/events';

/** A step's figures whose loss falls. */
export const metrics = (step: number): StepMetrics => ({
  step,
  total: 1 / step,
  mean: 0.1,
  variance: 0.01,
  align: 0.11,
  kl: 0.5,
  alpha: 0.2,
  learningRate: 1e-3,
  imagesPerSecond: 20,
});
