export interface EpochRates {
  learningRate: number;
  /** The rate of the first epoch. */
  warmupRate: number;
  epochs: number;
}

/**
 * PromptSRC's learning rate of a whole epoch: the warm-up rate in the first one, then half a cosine over as many epochs
 * as the run has, which is full in the second epoch and not 0 at the end.
 *
 * @param epoch from 0
 */
export function rateOfEpoch(epoch: number, { learningRate, warmupRate, epochs }: EpochRates): number {
  if (epoch === 0) return warmupRate;
  return (learningRate * (1 + Math.cos((Math.PI * (epoch - 1)) / epochs))) / 2;
}

/** Which epochs' prompts count most in PromptSRC's average, in epochs from 1. */
export interface GaussianAverage {
  mean: number;
  deviation: number;
}

/**
 * PromptSRC's weights of the prompts as they are after each epoch: Gaussian, and together 1 (Khattak et al. 2023,
 * section 3.2.2).
 */
export function epochWeights(epochs: number, { mean, deviation }: GaussianAverage): number[] {
  // Against the nearest epoch, so that a mean far outside doesn't make all of them 0.
  const distances = Array.from({ length: epochs }, (_, i) => ((i + 1 - mean) / deviation) ** 2 / 2);
  const nearest = Math.min(...distances);
  const weights = distances.map((distance) => Math.exp(nearest - distance));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}
