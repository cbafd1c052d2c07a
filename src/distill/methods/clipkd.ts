import { z } from 'zod';
import { defineMethod, weightStops } from './method';

const weight = z.number().nonnegative();

/**
 * CLIP-KD (CVPR 2024): feature distillation, contrastive relational distillation, interactive contrastive learning and
 * CLIP's own loss, as its public code has them, where the student's text features are the teacher's.
 */
export const clipkd = defineMethod({
  name: 'CLIP-KD',
  title: 'CLIP-KD (CVPR 2024)',
  needs: 'labels or captions',
  options: {
    fdWeight: weight.default(2000),
    crdWeight: weight.default(1),
    iclWeight: weight.default(1),
    taskWeight: weight.default(1),
  },
  sliders: [
    {
      option: 'fdWeight',
      label: 'Weight of features (FD)',
      short: 'FD ×',
      stops: [0, 200, 500, 1000, 2000, 5000, 10000],
    },
    { option: 'crdWeight', label: 'Weight of relations (CRD)', short: 'CRD ×', stops: weightStops },
    { option: 'iclWeight', label: 'Weight of interaction (ICL)', short: 'ICL ×', stops: weightStops },
    { option: 'taskWeight', label: 'Weight of CLIP’s loss', short: 'task ×', stops: weightStops },
  ],
  boxes: ['loss'],
  labels: ({ iclWeight, taskWeight }) => iclWeight > 0 || taskWeight > 0,
  ownCaptions: true,
  // CLIP's logit scale is held below 100 (Radford et al. 2021); ICL's is used as it is, so not as an exponent.
  scalars: {
    logit_scale: { start: Math.log(1 / 0.07), range: [0, Math.log(100)] },
    'clipkd.icl_scale': { start: Math.log(1 / 0.07) },
  },
  terms: {
    fd: {
      name: 'FD',
      title: 'FD, features',
      symbol: 'FD',
      colour: 'ifalign',
      formula: (_, shape, now) => `FD = mean of (uₛ − uₜ)² over ${shape('bd')} numbers = ${now}`,
    },
    crd: {
      name: 'CRD',
      title: 'CRD, relations',
      symbol: 'CRD',
      colour: 'kl',
      formula: (_, shape, now) =>
        `CRD = mean both ways of KL(softmax(qₜ) ‖ softmax(q)) = ${now}; qₜ = s uₜ Wᵀ, q = eᵃ uₛ Wᵀ, ${shape('bn')}`,
    },
    icl: {
      name: 'ICL',
      title: 'ICL, interaction',
      symbol: 'ICL',
      colour: 'edu',
      formula: (_, _shape, now) =>
        `ICL = mean of the cross-entropies of softmax(c uₛ Wᵀ), image to text, and softmax(c W uₜᵀ), text to image, with what is right = ${now}`,
    },
    task: {
      name: 'task',
      title: 'CLIP’s loss',
      symbol: 'CLIP',
      colour: 'task',
      formula: (_, shape, now) =>
        `CLIP = mean both ways of the cross-entropy of softmax(q) and what is right = ${now}; q = eᵃ uₛ Wᵀ, ${shape('bn')}`,
    },
    logitScale: {
      name: 'a',
      title: 'a, the student’s logit scale',
      symbol: 'a',
      colour: 'edu',
      dash: [5, 4],
      formula: (_, _shape, now) => `a = ${now}, learned, within 0 and ln 100`,
    },
    iclScale: {
      name: 'c',
      title: 'c, the scale of ICL',
      symbol: 'c',
      colour: 'edu',
      dash: [2, 3],
      isSigned: true,
      formula: (_, _shape, now) => `c = ${now}, learned from ln(1/0.07) = 2.66`,
    },
  },
  weights: ({ fdWeight, crdWeight, iclWeight, taskWeight }) => ({
    fd: fdWeight,
    crd: crdWeight,
    icl: iclWeight,
    task: taskWeight,
  }),
  loss({ u_s, u_t, W, s, weights, right }, { tf, cosines, logits, crossEntropy, divergence, bothWays }) {
    const { logit_scale: logitScale, 'clipkd.icl_scale': iclScale } = weights;
    const cosine = cosines(u_s, W);
    const q = tf.mul(cosine, tf.exp(logitScale));
    const fromImages = crossEntropy(tf.mul(cosine, iclScale), right);
    const fromTexts = crossEntropy(tf.mul(cosines(W, u_t), iclScale), tf.transpose(right));
    return {
      fd: tf.mean(tf.squaredDifference(u_s, u_t)),
      crd: bothWays(divergence, q, logits(u_t, W, s)),
      icl: tf.mul(tf.add(fromImages, fromTexts), 0.5),
      task: bothWays(crossEntropy, q, right),
      logitScale,
      iclScale,
    };
  },
});
