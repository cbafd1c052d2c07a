import { z } from 'zod';
import { defineMethod, weightStops } from './method';
import * as refinement from './refinement';

const options = {
  ifAlign: z.boolean().default(true),
  eduAttention: z.boolean().default(true),
  refine: z.boolean().default(true),
  alignWeight: z.number().nonnegative().default(1),
  ...refinement.options,
  reduction: z.enum(['mean', 'sum']).default('mean'),
};

type Reduced = { reduction: 'mean' | 'sum' };

const aligned =
  (symbol: string, of: string) =>
  ({ reduction }: Reduced, shape: (letters: string) => string, now: string) =>
    `${of} = ${reduction} of |${symbol}ₛ − ${symbol}ₜ| over ${shape('d')} features = ${now}`;

/**
 * ComKD-CLIP (arXiv 2408.04145, section 3): IFAlign, EduAttention and the refinement by the teacher's fusion result.
 * L = w_KD · L_KD + w_align · (L_mean + L_var), of the parts that are switched on.
 */
export const comkd = defineMethod({
  name: 'ComKD',
  title: 'ComKD-CLIP (arXiv 2408.04145)',
  needs: 'no labels',
  options,
  switches: { ifAlign: 'IFAlign', eduAttention: 'EduAttention', refine: 'refinement' },
  // EduAttention learns from the refinement alone: without it α stays at 0.
  idle: ({ refine }) => (refine ? [] : ['eduAttention']),
  sliders: [
    {
      option: 'alignWeight',
      label: 'Weight of IFAlign',
      short: 'IFAlign ×',
      stops: weightStops,
      isUsed: ({ ifAlign }) => ifAlign,
    },
    { ...refinement.weightSlider, isUsed: ({ refine }) => refine },
    refinement.temperatureSlider,
  ],
  boxes: ['ifalign', 'edu', 'refinement'],
  contradiction: ({ ifAlign, refine }) =>
    ifAlign || refine
      ? undefined
      : 'IFAlign and refinement (loss.ifAlign, loss.refine) are both off, so there is nothing to learn from; one must be on',
  hasEduAttention: ({ eduAttention }) => eduAttention,
  terms: {
    kl: refinement.kl,
    mean: {
      name: 'mean',
      title: 'L_mean, IFAlign',
      symbol: 'Lₘₑₐₙ',
      colour: 'ifalign',
      formula: aligned('μ', 'Lₘₑₐₙ'),
    },
    variance: {
      name: 'variance',
      title: 'L_var, IFAlign',
      symbol: 'Lᵥₐᵣ',
      colour: 'ifalign',
      dash: [5, 4],
      formula: aligned('σ²', 'Lᵥₐᵣ'),
    },
    alpha: {
      name: 'α',
      title: 'α, EduAttention',
      symbol: 'α',
      colour: 'edu',
      isSigned: true,
      formula: (_, shape, now) =>
        `fₑ = normalise(α · softmax(Q Kᵀ/√${shape('d')}) V + uₛ), ${shape('bd')}; α = ${now}, learned from 0`,
    },
  },
  weights: ({ refine, kdWeight, ifAlign, alignWeight }) => ({
    ...(refine && { kl: kdWeight }),
    ...(ifAlign && { mean: alignWeight, variance: alignWeight }),
  }),
  loss({ u_s, u_t, W, s, weights, options }, operations) {
    const { mean, variance } = operations.ifAlign(u_t, u_s, options.reduction);
    const f_e = options.eduAttention ? operations.eduAttention(weights, u_s, W).features : u_s;
    const kl = operations.refinement(u_t, f_e, W, s, options.temperature);
    return {
      mean,
      variance,
      align: operations.weightedSum([mean, variance], [1, 1]),
      kl,
      alpha: weights['edu.alpha'],
    };
  },
});
