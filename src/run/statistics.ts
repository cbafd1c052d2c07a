/** A mean over seeds, with the half of its interval of 95 %; undefined where nothing tells how far it is right. */
export interface Estimate {
  mean: number;
  half?: number;
}

/** Quantiles 0.975 of Student's t with 1, 2, … 10 degrees of freedom, and of the normal distribution. */
const T_QUANTILES = [12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];
export const NORMAL_QUANTILE = 1.96;

/** Beyond the table by Fisher's expansion from the normal distribution, which is right to 0.003 there. */
export function tQuantile(freedom: number): number {
  const z = NORMAL_QUANTILE;
  const expanded =
    z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2);
  return T_QUANTILES[freedom - 1] ?? expanded;
}

/** Of what runs with several seeds came to, by Student's t. Of differences between runs of the same seed it is the paired test. */
export function estimate(values: readonly number[]): Estimate | undefined {
  const { length } = values;
  if (length === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / length;
  if (length === 1) return { mean };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (length - 1);
  return { mean, half: tQuantile(length - 1) * Math.sqrt(variance / length) };
}

/** Whether a difference is more than chance, at a confidence of 95 %. */
export const isTold = ({ mean, half }: Estimate): boolean => half !== undefined && Math.abs(mean) > half;

/**
 * How far two of these shares of so many images have to be apart to be more than chance, at a confidence of 95 %, by the
 * binomial errors of both. Seeds are chance too: what they do is seen with several.
 */
export function leastTold(shares: readonly number[], images: number): number {
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  return NORMAL_QUANTILE * Math.sqrt((2 * mean * (1 - mean)) / images);
}
