import type { Run } from '../../run/schema';
import { useStore } from '../store';
import { mean } from './figures';
import { useKept } from './kept';

/** Images a second, as the latest run here has shown; undefined before any has. */
export function useImagesPerSecond(): number | undefined {
  const now = useStore((state) => state.metrics?.imagesPerSecond);
  const device = useStore((state) => state.device?.description);
  const before = useKept((state) => state.runs.find((run) => run.device === device));
  if (now !== undefined) return now;
  return before && mean(before.curves.imagesPerSecond.subarray(-100));
}

/** The images of runs whose length is known, all steps together. */
export const imagesOf = (runs: readonly Run[]): number =>
  runs.reduce((sum, { train }) => sum + train.batchSize * (train.steps ?? 0), 0);

/** 45 → '45 s', 200 → '3 min', 5000 → '1 h 23 min'. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
