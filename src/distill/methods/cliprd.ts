import type * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { Operations } from '../operations';
import { clipkd } from './clipkd';
import { defineMethod, weightStops } from './method';

const { logitScale, iclScale, ...losses } = clipkd.terms;

const weight = z.number().nonnegative().default(1);

/**
 * CLIP-RD (arXiv 2603.25383): CLIP-KD, whose relations it calls horizontal, with vertical and cross relational
 * distillation, as its public code has them, where the student's text features are the teacher's.
 */
export const cliprd = defineMethod({
  name: 'CLIP-RD',
  title: 'CLIP-RD, vertical and cross relations (2026)',
  needs: 'labels or captions',
  options: { ...clipkd.options, vrdWeight: weight, xrdWeight: weight },
  sliders: [
    ...clipkd.sliders,
    { option: 'vrdWeight', label: 'Weight of vertical (VRD)', short: 'VRD ×', stops: weightStops },
    { option: 'xrdWeight', label: 'Weight of cross (XRD)', short: 'XRD ×', stops: weightStops },
  ],
  boxes: ['loss'],
  labels: clipkd.labels,
  ownCaptions: true,
  // Used as they are, so not as exponents.
  scalars: {
    ...clipkd.scalars,
    'cliprd.image_scale': { start: Math.log(1 / 0.07) },
    'cliprd.text_scale': { start: Math.log(1 / 0.07) },
  },
  terms: {
    ...losses,
    vrd: {
      name: 'VRD',
      title: 'VRD, vertical relations',
      symbol: 'VRD',
      colour: 'ifalign',
      dash: [5, 4],
      formula: (_, shape, now) =>
        `VRD = mean both ways of KL(softmax(b V Vᵀ) ‖ softmax(k uₛ uₜᵀ)) + cross-entropies of both with each image’s own = ${now}; ${shape('bb')}, V: the images’ texts`,
    },
    xrd: {
      name: 'XRD',
      title: 'XRD, cross relations',
      symbol: 'XRD',
      colour: 'kl',
      dash: [5, 4],
      formula: (_, shape, now) =>
        `XRD = mean of the four KL between softmax(c uₜ Vᵀ) and softmax(c V uₛᵀ), each way and both transposed, = ${now}; ${shape('bb')}`,
    },
    logitScale,
    iclScale,
  },
  weights: ({ vrdWeight, xrdWeight, ...others }) => ({
    ...clipkd.weights(others),
    vrd: vrdWeight,
    xrd: xrdWeight,
  }),
  loss(inputs, operations) {
    const { u_s, u_t, weights } = inputs;
    const { tf, cosines, crossEntropy, divergence, bothWays } = operations;
    const V = ownTexts(inputs, operations);
    const own = tf.eye(u_s.shape[0]);
    const images = tf.mul(cosines(u_s, u_t), weights['cliprd.image_scale']);
    const texts = tf.mul(cosines(V, V), weights['cliprd.text_scale']);
    const ofTeacher = tf.mul(cosines(u_t, V), weights['clipkd.icl_scale']);
    const ofStudent = tf.mul(cosines(V, u_s), weights['clipkd.icl_scale']);
    return {
      ...clipkd.loss(inputs, operations),
      vrd: tf.addN([
        bothWays(divergence, images, texts),
        bothWays(crossEntropy, images, own),
        crossEntropy(texts, own),
      ]),
      xrd: tf.mul(
        tf.add(bothWays(divergence, ofStudent, ofTeacher), bothWays(divergence, ofTeacher, ofStudent)),
        0.5,
      ),
    };
  },
});

/**
 * A text an image, as CLIP-RD compares pairs: its right one, of several their mean, and without any the one that the
 * teacher finds likeliest. [batch, d], L2-normalised.
 */
function ownTexts(
  { u_t, W, right }: { u_t: tf.Tensor; W: tf.Tensor; right: tf.Tensor },
  { tf, cosines }: Operations,
): tf.Tensor {
  return tf.tidy(() => {
    const cosine = cosines(u_t, W);
    const likeliest = tf.cast(tf.equal(cosine, tf.max(cosine, 1, true)), 'float32');
    const isLabelled = tf.max(right, 1, true);
    const texts = tf.matMul(tf.add(right, tf.mul(likeliest, tf.sub(1, isLabelled))), W);
    return tf.div(texts, tf.norm(texts, 2, 1, true));
  });
}
