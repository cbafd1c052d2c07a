import type { TrainedParameters } from '../distill/options';

export interface TrainOptions {
  parameters: TrainedParameters;
  optimizer: 'adamw' | 'sgd';
  learningRate: number;
  weightDecay: number;
  momentum: number;
  batchSize: number;
  /** Steps of the whole run; where the run file gives epochs, computed from them and the data. */
  steps: number;
  schedule: 'constant' | 'cosine';
  warmupSteps: number;
  shuffle: boolean;
  augment: 'none' | 'crop-flip';
  seed: number;
}
