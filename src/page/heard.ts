import type { Evaluation } from '../evaluate/results';
import type { EvaluationSummary } from '../run/report';
import type { Progress } from './state';

/** The evaluations with one more, which replaces an earlier one after the same step. */
export function withEvaluation(
  all: EvaluationSummary[],
  { step, images, heldOut, teacher, student, agreement }: Evaluation,
): EvaluationSummary[] {
  const one = { step, images, heldOut, teacher, student, agreement };
  return [...all.filter((other) => other.step !== step), one].sort((a, b) => a.step - b.step);
}

/** The running actions after an event: one entry a label, gone when it is done. */
export function withProgress(all: Progress[], { run, label, done, total, unit }: Progress): Progress[] {
  const others = all.filter((one) => one.label !== label);
  return total > 0 && done >= total ? others : [...others, { run, label, done, total, unit }];
}
