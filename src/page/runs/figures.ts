import type { KeptRun } from './stored';

export const stepsOf = ({ curves }: KeptRun): number => curves.step.length;

/** What became of a run, as far as it came. Shares are 0..1. */
export interface Outcome {
  student?: number;
  teacher?: number;
  /** That these are shares of. */
  images?: number;
  agreement?: number;
  /** After the last step, where the method has it: totals of different parts can't be compared. */
  kl?: number;
  /** Of training alone, without pauses and evaluations. */
  seconds: number;
}

export function outcomeOf(kept: KeptRun): Outcome {
  const { run, curves, evaluations } = kept;
  const last = evaluations.at(-1);
  return {
    student: last?.student.top1,
    teacher: last?.teacher.top1,
    images: last?.images,
    agreement: last?.agreement,
    kl: figureAt(kept, 'kl'),
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

/** The student's accuracy (0..1) as it was last measured at a step, or at all; undefined beyond the run's end. */
export function accuracyAt(run: Pick<KeptRun, 'curves' | 'evaluations'>, step?: number): number | undefined {
  const { curves, evaluations } = run;
  if (step === undefined) return evaluations.at(-1)?.student.top1;
  if (step > (curves.step.at(-1) ?? 0)) return undefined;
  return evaluations.findLast((one) => one.step <= step)?.student.top1;
}

export const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
