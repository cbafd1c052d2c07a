import type { Run } from '../../run/schema';

/** The images of runs whose length is known, all steps together. */
export const imagesOf = (runs: readonly Run[]): number =>
  runs.reduce((sum, { train }) => sum + train.batchSize * (train.steps ?? 0), 0);

/** 45 → '45 s', 200 → '3 min', 5000 → '1 h 23 min'. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
