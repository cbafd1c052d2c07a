import { defineMethod } from './method';

/** CLIP's own training (Radford et al. 2021, figure 3): both towers and the logit scale, on pairs, without a teacher. */
export const contrastive = defineMethod({
  name: 'Contrastive',
  title: 'CLIP’s contrastive training (Radford et al. 2021)',
  needs: 'labels or captions',
  options: {},
  sliders: [],
  boxes: ['loss'],
  hasNoTeacher: true,
  labels: () => true,
  scalars: { logit_scale: { start: Math.log(1 / 0.07), range: [0, Math.log(100)] } },
  terms: {
    imageToText: {
      name: 'image → text',
      title: 'Contrastive, image to text',
      symbol: 'Lᵢ₂ₜ',
      colour: 'task',
      formula: (_, _shape, now) =>
        `Lᵢ₂ₜ = mean over images of the cross-entropy of softmax(q) and the image’s own text = ${now}; q = eᵃ · images · textsᵀ`,
    },
    textToImage: {
      name: 'text → image',
      title: 'Contrastive, text to image',
      symbol: 'Lₜ₂ᵢ',
      colour: 'task',
      dash: [5, 4],
      formula: (_, _shape, now) =>
        `Lₜ₂ᵢ = mean over texts of the cross-entropy of softmax(qᵀ) and the text’s own image = ${now}`,
    },
    logitScale: {
      name: 'a',
      title: 'a, the logit scale',
      symbol: 'a',
      colour: 'edu',
      formula: (_, _shape, now) => `a = ${now}, learned, within 0 and ln 100`,
    },
  },
  weights: () => ({ imageToText: 0.5, textToImage: 0.5 }),
  loss({ u_s, W, weights: { logit_scale: logitScale }, right }, { tf, cosines, eachWay, crossEntropy }) {
    const q = tf.mul(cosines(u_s, W), tf.exp(logitScale));
    const [imageToText, textToImage] = eachWay(crossEntropy, q, right);
    return { imageToText, textToImage, logitScale };
  },
});
