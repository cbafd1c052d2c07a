import { has } from '../change';
import { type State, wantsPlay } from '../state';
import type { Action } from './lesson';

/** Why what a step waits for does not come by itself. */
export const hindrances = [
  /** A box is to be opened. */
  'opened',
  /** Own data is to be dropped. */
  'dropped',
  /** The settings are others. */
  'settings',
  /** They are right, from a restart on. */
  'restart',
  /** Accuracy can't be measured on this data. */
  'unlabelled',
  /** The teacher itself is not so often right. */
  'teacher',
  /** The run is over, or too short. */
  'ended',
  'paused',
] as const;
export type Hindrance = (typeof hindrances)[number];

/** What stands in the way of what a step waits for; undefined where it is on its way. */
export function hindrance(wait: NonNullable<Action['wait']>, state: State): Hindrance | undefined {
  const { step, accuracy, opened, isDemo, ...settings } = wait;
  const { run, loadedRun, phase, evaluations, data, isDemo: hasDemo } = state;
  if (opened !== undefined) return 'opened';
  if (isDemo === false && hasDemo) return 'dropped';
  if (!has(run, settings)) return 'settings';
  if (!has(loadedRun, settings)) return 'restart';
  const { steps = Number.POSITIVE_INFINITY } = loadedRun.train;
  if (accuracy !== undefined) {
    const { top1 } = evaluations.at(-1)?.teacher ?? {};
    if (data?.classes.length === 0 || (evaluations.length > 0 && top1 === undefined)) return 'unlabelled';
    if (top1 !== undefined && top1 < accuracy) return 'teacher';
  }
  if (['finished', 'diverged', 'failed'].includes(phase) || (step ?? 0) > steps) return 'ended';
  return wantsPlay(state) ? undefined : 'paused';
}
