import type { TrainOptions } from './options';

/**
 * The learning rate of a step, counted from 0: a linear warm-up over `warmupSteps`, reaching the full rate at the
 * last of them; then constant, or half a cosine that reaches 0 after the last step (Loshchilov & Hutter 2017). The full
 * rate is the one that was last set by then.
 */
export function learningRateAt(
  step: number,
  { learningRate: first, log, schedule, warmupSteps, steps }: TrainOptions,
): number {
  const learningRate = log?.findLast((entry) => entry.step <= step)?.learningRate ?? first;
  if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps;
  if (schedule === 'constant') return learningRate;
  const progress = Math.min(1, (step - warmupSteps) / Math.max(1, steps - warmupSteps));
  return (learningRate * (1 + Math.cos(Math.PI * progress))) / 2;
}
