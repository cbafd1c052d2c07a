import { spread, tQuantile } from '../../src/page/runs/ranking';

/** A mean over seeds, with the half of its interval of 95 % by Student's t; none of a single seed. */
export interface Estimate {
  mean: number;
  half?: number;
  seeds: number;
}

/** @param values one a seed, at least one */
export function estimate(values: readonly number[]): Estimate {
  const { mean, deviation } = spread(values) ?? { mean: Number.NaN };
  const seeds = values.length;
  if (deviation === undefined) return { mean, seeds };
  return { mean, half: (tQuantile(seeds - 1) * deviation) / Math.sqrt(seeds), seeds };
}

/** What the first is ahead of the second, over the seeds that both have: Student's paired t. */
export function paired(one: ReadonlyMap<number, number>, other: ReadonlyMap<number, number>): Estimate {
  return estimate(
    [...one].flatMap(([seed, a]) => {
      const b = other.get(seed);
      return b === undefined ? [] : [a - b];
    }),
  );
}

/** Whether a difference is more than chance at 95 %: its interval is without 0. */
export const isTold = ({ mean, half }: Estimate): boolean => half !== undefined && Math.abs(mean) > half;
