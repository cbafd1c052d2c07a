import { defineMethod } from './method';
import { kl, options, temperatureSlider, weightSlider } from './refinement';

/** PromptKD (CVPR 2024): the refinement alone, L = w_KD · L_KD. */
export const promptkd = defineMethod({
  name: 'PromptKD',
  title: 'PromptKD (CVPR 2024)',
  needs: 'no labels',
  options,
  sliders: [weightSlider, temperatureSlider],
  boxes: ['refinement'],
  terms: { kl },
  weights: ({ kdWeight }) => ({ kl: kdWeight }),
  loss: ({ u_s, u_t, W, s, options: { temperature } }, { refinement }) => ({
    kl: refinement(u_t, u_s, W, s, temperature),
  }),
});
