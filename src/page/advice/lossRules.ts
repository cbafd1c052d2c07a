import { methods } from '../../distill/methods/methods';
import type { Run } from '../../run/schema';
import { loss, setting } from '../format';
import type { Advice, Rule } from './advice';

/** Rates that a first try may well begin with: the demo's scale, and PromptKD's own. */
const usualRates = { adamw: 1e-3, sgd: 5e-3 } as const;

/** The loss is judged by means over so many steps, since single batches differ by a tenth and more. */
const WINDOW = 10;

/** Before that the curve has no shape yet. */
const EARLIEST_RISE = 40;
const EARLIEST_FLAT = 100;

export const notANumber: Rule = ({ run, curves: { total } }) => {
  if (total.length === 0 || Number.isFinite(total[total.length - 1])) return undefined;
  const step = total.findLastIndex(Number.isFinite) + 2;
  const learningRate = lowered(run.train);
  return {
    id: 'not-a-number',
    title: 'The loss is not a number',
    seen: `After step ${step} the loss is no longer a number, and nothing is learnt any more.`,
    why: 'One step was so large that a value went beyond what the numbers can hold. Smaller steps, and a limit to their size, avoid it.',
    mend: {
      words: `Lower the learning rate to ${setting(learningRate)} and clip gradients at 1`,
      change: { train: { learningRate, maxGradientNorm: 1 } },
    },
  };
};

/** A jump is half of where the loss began, from one step to the next: healthy batches differ by a fifth of it. */
const JUMP = 0.5;
/** Where the loss has come down to a quarter since, a jump did no harm. */
const HARMLESS = 0.25;

export const jumps: Rule = ({ run, curves: { total } }) => {
  const start = total[0];
  const level = (step: number) => mean(total, Math.max(0, step - WINDOW), step);
  if (level(total.length) < HARMLESS * start) return undefined;
  const step = total.findIndex((value, i) => i > 0 && value > level(i) + JUMP * start);
  if (step < 0) return undefined;
  return slowDown(run, {
    id: 'rate-too-high',
    title: 'The learning rate looks too high',
    seen: `At step ${step + 1} the loss jumped from ${loss(total[step - 1])} to ${loss(total[step])}.`,
    why: 'Steps that are too large leap over the good weights; what was learnt before is lost, and often it never comes back.',
  });
};

/** It has risen by a fifth, and lost a quarter of what it had gained: more than batches differ, late in a run too. */
const RISE = 1.2;
const LOST = 0.25;

export const rises: Rule = ({ run, curves: { total } }) => {
  if (total.length < EARLIEST_RISE) return undefined;
  const means = windowMeans(total);
  const [first, last, best] = [means[0], means[means.length - 1], Math.min(...means)];
  if (!(last > RISE * best && last - best > LOST * (first - best))) return undefined;
  return slowDown(run, {
    id: 'loss-rises',
    title: 'The loss is rising',
    seen: `It was down to ${loss(best)} on average, and is at ${loss(last)} now.`,
    why: 'The student is getting worse at what it trains for. Nearly always its steps are too large for where it has come to.',
  });
};

/** From random weights the demo's loss falls by 80 % in a hundred steps; what has lost less than 15 % hardly moves. */
const FLAT = 0.85;

export const hardlyFalls: Rule = ({ run, curves: { total } }) => {
  const { optimizer, learningRate, warmupSteps } = run.train;
  if (total.length < EARLIEST_FLAT + warmupSteps || learningRate >= usualRates[optimizer]) return undefined;
  const means = windowMeans(total);
  const [first, last] = [means[0], means[means.length - 1]];
  if (!(last > FLAT * first)) return undefined;
  const raised = Math.min(rounded(10 * learningRate), usualRates[optimizer]);
  return {
    id: 'rate-too-low',
    title: 'The learning rate looks too low',
    seen: `In ${total.length} steps the loss has come from ${loss(first)} to ${loss(last)} only.`,
    why: 'Each step changes the student so little that it would need many times as many of them.',
    mend: {
      words: `Raise the learning rate to ${setting(raised)}`,
      change: { train: { learningRate: raised } },
    },
  };
};

const nothing = new Float64Array();

/** EduAttention's α starts at 0; the demo's leaves this behind within three steps. */
const STILL = 1e-5;

export const alphaStill: Rule = ({ run, curves: { alpha = nothing } }) => {
  const { method, loss: parts, train } = run;
  if (!methods[method].hasEduAttention?.(parts) || alpha.length < EARLIEST_FLAT) return undefined;
  if (alpha.some((value) => Math.abs(value) > STILL)) return undefined;
  const isRefined = parts.refine && parts.kdWeight > 0;
  const usual = usualRates[train.optimizer];
  if (isRefined && train.learningRate >= usual) return undefined;
  const raised = Math.min(rounded(10 * train.learningRate), usual);
  return {
    id: 'alpha-still',
    title: 'α does not move',
    seen: `After ${alpha.length} steps α is still ${loss(alpha[alpha.length - 1])}, so EduAttention adds nothing.`,
    why: isRefined
      ? 'α is learned like any weight; steps this small never get it away from 0.'
      : 'Only the refinement looks at features after EduAttention. IFAlign compares those before it, so that nothing teaches α while the refinement is off.',
    mend: isRefined
      ? {
          words: `Raise the learning rate to ${setting(raised)}`,
          change: { train: { learningRate: raised } },
        }
      : {
          words: 'Switch the refinement on',
          change: { loss: { refine: true, kdWeight: parts.kdWeight || 1 } },
        },
  };
};

/** The steps that the rate climbs in at the start, where it has not done so yet. */
const WARM_UP = 50;

function slowDown({ train }: Run, what: Omit<Advice, 'mend'>): Advice {
  const learningRate = lowered(train);
  const isCold = train.warmupSteps === 0;
  return {
    ...what,
    mend: {
      words: `Lower the learning rate to ${setting(learningRate)}${isCold ? `, warming up over ${WARM_UP} steps` : ''}`,
      change: { train: { learningRate, ...(isCold && { warmupSteps: WARM_UP }) } },
    },
  };
}

const lowered = ({ learningRate, optimizer }: Run['train']): number =>
  Math.min(rounded(learningRate / 5), usualRates[optimizer]);

/** Means over stretches of a tenth of the curve, in its order; the last one ends with it. */
function windowMeans(values: Float64Array): number[] {
  const size = Math.max(WINDOW, Math.floor(values.length / 10));
  const ends = Array.from({ length: Math.floor(values.length / size) }, (_, i) => values.length - i * size);
  return ends.reverse().map((end) => mean(values, end - size, end));
}

/** Over the entries from one to before another. */
function mean(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i];
  return sum / (to - from);
}

/** To one digit: 0.0003 of 0.00029…, so that a proposal looks like a setting. */
const rounded = (value: number): number => Number(value.toPrecision(1));
