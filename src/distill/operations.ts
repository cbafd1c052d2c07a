import * as tf from '@tensorflow/tfjs-core';
import { crossEntropy } from './crossEntropy';
import { eduAttention } from './eduattention';
import { ifAlign } from './ifalign';
import { logits, refinement } from './refinement';

/**
 * What the methods' losses are written with. They are handed in, so that the page can read what a method says of itself
 * without any tensors.
 */
export const operations = { tf, ifAlign, eduAttention, refinement, logits, crossEntropy };

export type Operations = typeof operations;
