import * as tf from '@tensorflow/tfjs-core';
import type { HostTensors } from '../files/tensors';

/** A model's weights on the device, by their name in the checkpoint; trained ones are variables. */
export type Weights = Record<string, tf.Tensor>;

/** Puts tensors on the device; those whose name `isChosen` are taken. The caller disposes them. */
export function uploadWeights(tensors: HostTensors, isChosen: (name: string) => boolean): Weights {
  const chosen = Object.entries(tensors).filter(([name]) => isChosen(name));
  return Object.fromEntries(chosen.map(([name, { data, shape }]) => [name, tf.tensor(data, shape)]));
}

export const isVisionWeight = (name: string) => /^(vision_model|visual_projection)\./.test(name);

export const isTextWeight = (name: string) => /^(text_model|text_projection)\./.test(name);
