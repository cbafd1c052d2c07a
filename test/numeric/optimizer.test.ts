import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { readTensors } from '../../src/device/hostTensors';
import { StepRunner } from '../../src/device/stepRunner';
import { createVariables, disposeVariables } from '../../src/device/variables';
import { createOptimizer } from '../../src/train/optimizer';
import { eachBackend, largestDifference } from './setup';

const start = [0.5, -1, 2, 0.25];
const gradients = [
  [0.1, -0.2, 0.3, 0],
  [0.3, 0.1, -0.2, 1e-4],
  [-0.5, 0.4, 0.1, 2],
];

/** The values after three steps of a matrix and a vector that start alike. */
async function descend(options: Parameters<typeof createOptimizer>[1]) {
  const data = Float32Array.from(start);
  const parameters = createVariables({
    matrix: { data, shape: [2, 2] },
    vector: { data, shape: [4] },
    untouched: { data, shape: [2, 2] },
  });
  const optimizer = createOptimizer(parameters, options);
  const runner = new StepRunner(({ gradient, numbers }) => {
    const vector = tf.mul(gradient, 1);
    optimizer.update({ matrix: tf.reshape(tf.mul(gradient, 1), [2, 2]), vector }, numbers);
    return { gradient };
  });
  for (const [step, gradient] of gradients.entries())
    await runner.run({
      gradient: { data: Float32Array.from(gradient), shape: [4] },
      numbers: { data: optimizer.stepNumbers(step, 0.1), shape: [4] },
    });
  const values = await readTensors(parameters.byName);
  runner.dispose();
  optimizer.dispose();
  disposeVariables(parameters);
  expect(Array.from(values['untouched'].data)).toEqual(start);
  return { matrix: values['matrix'].data, vector: values['vector'].data };
}

function adamW(weightDecay: number): number[] {
  return start.map((value, i) => {
    let [p, m, v] = [value, 0, 0];
    for (const [step, gradient] of gradients.entries()) {
      const g = gradient[i];
      p *= 1 - 0.1 * weightDecay;
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g * g;
      const correction1 = 1 - 0.9 ** (step + 1);
      const correction2 = 1 - 0.999 ** (step + 1);
      p -= ((0.1 / correction1) * m) / (Math.sqrt(v) / Math.sqrt(correction2) + 1e-8);
    }
    return p;
  });
}

function momentumDescent(weightDecay: number): number[] {
  return start.map((value, i) => {
    let [p, buffer] = [value, 0];
    for (const gradient of gradients) {
      buffer = 0.9 * buffer + gradient[i] + weightDecay * p;
      p -= 0.1 * buffer;
    }
    return p;
  });
}

eachBackend(() => {
  it('AdamW decays matrices, not vectors, as PyTorch computes it', async () => {
    const { matrix, vector } = await descend({ optimizer: 'adamw', weightDecay: 0.2, momentum: 0 });
    expect(largestDifference(matrix, adamW(0.2))).toBeLessThan(1e-5);
    expect(largestDifference(vector, adamW(0))).toBeLessThan(1e-5);
  });

  it('SGD has momentum and decays everything, as PyTorch computes it', async () => {
    const { matrix, vector } = await descend({ optimizer: 'sgd', weightDecay: 0.2, momentum: 0.9 });
    expect(largestDifference(matrix, momentumDescent(0.2))).toBeLessThan(1e-6);
    expect(largestDifference(vector, momentumDescent(0.2))).toBeLessThan(1e-6);
  });
});
