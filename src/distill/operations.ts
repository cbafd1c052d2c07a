import * as tf from '@tensorflow/tfjs-core';
import { linear } from '../ops/linear';
import { weightedSum } from '../ops/scalars';
import { bothWays, crossEntropy, divergence, eachWay, softCrossEntropy } from './crossEntropy';
import { eduAttention } from './eduattention';
import { ifAlign } from './ifalign';
import { logits, refinement } from './refinement';

/** Cosines of images and texts, [images, texts]. Both are L2-normalised: [images, d], [texts, d]. */
const cosines = (images: tf.Tensor, texts: tf.Tensor): tf.Tensor => linear(images, texts);

/**
 * What the methods' losses are written with. They are handed in, so that the page can read what a method says of itself
 * without any tensors.
 */
export const operations = {
  tf,
  ifAlign,
  eduAttention,
  refinement,
  cosines,
  logits,
  crossEntropy,
  softCrossEntropy,
  divergence,
  eachWay,
  bothWays,
  weightedSum,
};

export type Operations = typeof operations;
