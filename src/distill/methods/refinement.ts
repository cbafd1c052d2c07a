import { z } from 'zod';
import { type OptionSlider, type TermOf, weightStops } from './method';

// What ComKD-CLIP and PromptKD share: the student answers like the teacher.

export const options = {
  kdWeight: z.number().nonnegative().default(1),
  temperature: z.number().positive().default(1),
};

type Options = { kdWeight: number; temperature: number };

export const weightSlider: OptionSlider<Options> = {
  option: 'kdWeight',
  label: 'Weight of refinement',
  short: 'refinement ×',
  stops: weightStops,
};

export const temperatureSlider: OptionSlider<Options> = {
  option: 'temperature',
  label: 'Temperature τ',
  short: 'τ',
  stops: [0.25, 0.5, 1, 2, 4, 8],
};

export const kl: TermOf<Options> = {
  name: 'KL',
  title: 'KL, the refinement',
  symbol: 'KL',
  colour: 'kl',
  formula: ({ temperature }, shape, now) =>
    `KL = τ² · mean over the batch of KL(softmax(qₜ/τ) ‖ softmax(qₛ/τ)) = ${now}; τ = ${temperature}, qₜ and qₛ ${shape('bn')}`,
};
