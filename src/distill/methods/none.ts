import { defineMethod } from './method';

/** No distillation: the student learns from the data's own texts, by cross-entropy with the teacher's text features. */
export const none = defineMethod({
  name: 'Student alone',
  title: 'no distillation, from the labels alone',
  options: {},
  sliders: [],
  boxes: ['loss'],
  labels: 'needed',
  terms: {
    crossEntropy: {
      name: 'cross-entropy',
      title: 'Cross-entropy of the labels',
      symbol: 'CE',
      colour: 'task',
      formula: (_, shape, now) =>
        `CE = mean cross-entropy of softmax(qₛ) and the labels = ${now}; qₛ = s · uₛ Wᵀ, ${shape('bn')}`,
    },
  },
  weights: () => ({ crossEntropy: 1 }),
  loss: ({ u_s, W, s, targets }, { logits, crossEntropy }) => ({
    crossEntropy: crossEntropy(logits(u_s, W, s), targets),
  }),
});
