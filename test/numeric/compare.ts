import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { largestDifference } from './setup';

type Op = (...inputs: tf.Tensor[]) => tf.Tensor;

let seed = 1;
/** Normal values, different at each call, the same in every run. */
export const random = (shape: number[]) => tf.randomNormal(shape, 0, 1, 'float32', seed++);

/** Compares an op with the composition that defines it: values, and every gradient of a weighted sum of them. */
export async function expectSame(op: Op, meaning: Op, inputs: tf.Tensor[], tolerance = 2e-4): Promise<void> {
  const [ours, theirs] = tf.tidy(() => {
    const weights = random(op(...inputs).shape);
    const all = (f: Op) => {
      const weightedSum = (...given: tf.Tensor[]) => tf.sum(tf.mul(f(...given), weights)) as tf.Scalar;
      return [f(...inputs), ...tf.grads(weightedSum)(inputs)];
    };
    return [all(op), all(meaning)];
  });
  for (const [i, tensor] of ours.entries()) {
    expect(tensor.shape).toEqual(theirs[i].shape);
    const wanted = await theirs[i].data();
    const scale = Math.max(1, ...wanted.map(Math.abs));
    expect(largestDifference(await tensor.data(), wanted) / scale, `output ${i}`).toBeLessThan(tolerance);
  }
  tf.dispose([ours, theirs]);
}
