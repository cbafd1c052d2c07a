import type { EvaluationSummary } from '../../run/report';
import type { KeptRun } from './stored';

export const stepsOf = ({ curves }: Pick<KeptRun, 'curves'>): number => curves.step.length;

/** The last step that all of these runs have reached: there they can be compared. Undefined of none. */
export const commonStep = (runs: readonly Pick<KeptRun, 'curves'>[]): number | undefined =>
  runs.length > 0 ? Math.min(...runs.map(stepsOf)) : undefined;

/** What became of a run, as far as it came or up to a step. Shares are 0..1. */
export interface Outcome {
  student?: number;
  teacher?: number;
  /** That these are shares of. */
  images?: number;
  agreement?: number;
  /** Where the method has it: totals of different parts can't be compared. */
  kl?: number;
  /** Of training alone, without pauses and evaluations. */
  seconds: number;
}

export function outcomeOf(kept: KeptRun, step?: number): Outcome {
  const { run, curves } = kept;
  const last = evaluationAt(kept, step);
  return {
    student: last?.student.top1,
    teacher: last?.teacher.top1,
    images: last?.images,
    agreement: last?.agreement,
    kl: figureAt(kept, 'kl', step),
    seconds: curves.imagesPerSecond
      .filter((perSecond) => perSecond > 0 && Number.isFinite(perSecond))
      .reduce((sum, perSecond) => sum + run.train.batchSize / perSecond, 0),
  };
}

/** Whether an outcome is better than another: by accuracy, then by agreement. Losses of other parts can't be compared. */
export function isBetter(one: Outcome, other: Outcome): boolean {
  const ahead = (one.student ?? 0) - (other.student ?? 0);
  return ahead > 0 || (ahead === 0 && (one.agreement ?? 0) > (other.agreement ?? 0));
}

/** A figure after a step, or after the last one where it is left open. */
export function figureAt(
  { curves }: Pick<KeptRun, 'curves'>,
  column: string,
  step?: number,
): number | undefined {
  return step === undefined ? curves[column]?.at(-1) : curves[column]?.[step - 1];
}

/** What was last measured at a step, or at all; undefined beyond the run's end. */
export function evaluationAt(
  { curves, evaluations }: Pick<KeptRun, 'curves' | 'evaluations'>,
  step?: number,
): EvaluationSummary | undefined {
  if (step === undefined) return evaluations.at(-1);
  if (step > (curves.step.at(-1) ?? 0)) return undefined;
  return evaluations.findLast((one) => one.step <= step);
}
