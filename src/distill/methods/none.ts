import { defineMethod } from './method';

/**
 * No distillation: the student learns from the data's own texts, by cross-entropy with the teacher's text features; from
 * captions by CLIP's contrastive loss (Radford et al. 2021), in which the texts stand still.
 */
export const none = defineMethod({
  name: 'Student alone',
  title: 'no distillation, from the labels or captions alone',
  needs: 'labels or captions',
  options: {},
  sliders: [],
  boxes: ['loss'],
  labels: () => true,
  ownCaptions: true,
  terms: {
    crossEntropy: {
      name: 'cross-entropy',
      title: 'Cross-entropy of the right texts',
      symbol: 'CE',
      colour: 'task',
      formula: (_, shape, now) =>
        `CE = mean cross-entropy of softmax(qₛ) and the right texts = ${now}; qₛ = s · uₛ Wᵀ, ${shape('bn')}; for captions, the mean of both ways`,
    },
  },
  weights: () => ({ crossEntropy: 1 }),
  loss({ u_s, W, s, right, areCaptions }, { logits, crossEntropy, bothWays }) {
    const q = logits(u_s, W, s);
    return { crossEntropy: areCaptions ? bothWays(crossEntropy, q, right) : crossEntropy(q, right) };
  },
});
