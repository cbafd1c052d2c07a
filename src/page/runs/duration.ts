import type { Run } from '../../run/schema';
import { outcomeOf, stepsOf } from './figures';
import type { QueuedRun } from './queue';
import type { KeptRun } from './stored';

/** The images of runs whose length is known, all steps together. */
export const imagesOf = (runs: readonly Run[]): number =>
  runs.reduce((sum, { train }) => sum + train.batchSize * (train.steps ?? 0), 0);

/** 45 → '45 s', 200 → '3 min', 5000 → '1 h 23 min'. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How fast a run has trained, pauses and evaluations aside. */
export const imagesPerSecondOf = (kept: KeptRun): number =>
  (stepsOf(kept) * kept.run.train.batchSize) / outcomeOf(kept).seconds;

/**
 * How long runs of a comparison take on so many images: by what those that are done took as a whole, or before the first
 * is done by `perSecond`, which is training alone. Empty where neither is known.
 */
export function estimate(images: number, items: readonly QueuedRun[], perSecond: number | undefined): string {
  const timed = items.filter(({ seconds }) => seconds !== undefined);
  if (timed.length > 0) {
    const taken = timed.reduce((sum, { seconds = 0 }) => sum + seconds, 0);
    return `about ${duration((images * taken) / imagesOf(timed.map(({ run }) => run)))}`;
  }
  return perSecond ? `about ${duration(images / perSecond)} of training` : '';
}
