import { z } from 'zod';
import { defineMethod } from './method';

/** Affinity mimicking of TinyCLIP (ICCV 2023, equations 1–3), at one fixed scale as its code has it. */
export const tinyclip = defineMethod({
  name: 'TinyCLIP',
  title: 'TinyCLIP, affinity mimicking (ICCV 2023)',
  needs: 'no labels',
  options: { affinityScale: z.number().positive().default(50) },
  sliders: [
    { option: 'affinityScale', label: 'Scale of affinities', short: 'k', stops: [5, 10, 20, 50, 100, 200] },
  ],
  boxes: ['loss'],
  ownCaptions: true,
  terms: {
    imageToText: {
      name: 'image → text',
      title: 'Affinity, image to text',
      symbol: 'Lᵢ₂ₜ',
      colour: 'kl',
      formula: ({ affinityScale }, shape, now) =>
        `Lᵢ₂ₜ = mean over images of the cross-entropy of softmax(k uₛ Wᵀ) and softmax(k uₜ Wᵀ), ${shape('bn')}, = ${now}; k = ${affinityScale}`,
    },
    textToImage: {
      name: 'text → image',
      title: 'Affinity, text to image',
      symbol: 'Lₜ₂ᵢ',
      colour: 'kl',
      dash: [5, 4],
      formula: ({ affinityScale }, _, now) =>
        `Lₜ₂ᵢ = mean over texts of the cross-entropy of softmax(k W uₛᵀ) and softmax(k W uₜᵀ) = ${now}; k = ${affinityScale}`,
    },
  },
  weights: () => ({ imageToText: 0.5, textToImage: 0.5 }),
  loss({ u_s, u_t, W, options: { affinityScale } }, { logits, eachWay, softCrossEntropy }) {
    const [q, q_t] = [u_s, u_t].map((features) => logits(features, W, affinityScale));
    const [imageToText, textToImage] = eachWay(softCrossEntropy, q, q_t);
    return { imageToText, textToImage };
  },
});
