import type { AugmentOptions } from '../data/images/augment';
import type { TrainedParameters } from '../distill/options';

export interface TrainOptions {
  parameters: TrainedParameters;
  optimizer: 'adamw' | 'sgd';
  learningRate: number;
  weightDecay: number;
  momentum: number;
  /** What the norm of all gradients together may be; longer ones are scaled down. Any where undefined. */
  maxGradientNorm?: number;
  batchSize: number;
  /** Parts that a batch goes through the towers in, for the memory of one of them; figures and gradients stay the batch's. */
  accumulate: number;
  /** Steps of the whole run; where the run file gives epochs, computed from them and the data. */
  steps: number;
  /** Learning rates that were set while it ran, each after so many steps. */
  log?: { step: number; learningRate: number }[];
  schedule: 'constant' | 'cosine';
  warmupSteps: number;
  shuffle: boolean;
  augment: AugmentOptions['augment'];
  seed: number;
}
