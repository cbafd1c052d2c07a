import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readTensors } from '../../src/device/hostTensors';
import * as memory from '../../src/device/memory';
import { StepRunner } from '../../src/device/stepRunner';
import { createVariables, disposeVariables } from '../../src/device/variables';
import { HARDWARE_LANES, lanes } from '../../src/device/webgpu/lanes';
import { Random } from '../../src/files/random';
import { inMemory } from '../../src/files/tensors';
import { createOptimizer } from '../../src/train/optimizer';
import { eachBackend, largestDifference } from './setup';

vi.mock(import('../../src/device/memory'), { spy: true });

const start = [0.5, -1, 2, 0.25];
const gradients = [
  [0.1, -0.2, 0.3, 0],
  [0.3, 0.1, -0.2, 1e-4],
  [-0.5, 0.4, 0.1, 2],
];

/** The values after three steps of a matrix and a vector that start alike. */
async function descend(options: Parameters<typeof createOptimizer>[1]) {
  const data = Float32Array.from(start);
  const parameters = await createVariables(
    inMemory({
      matrix: { data, shape: [2, 2] },
      vector: { data, shape: [4] },
      untouched: { data, shape: [2, 2] },
    }),
  );
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

/** By how much one step of plain descent with rate 1 changes variables of these sizes, the last without a gradient. */
async function clippedStep(gradients: Float32Array<ArrayBuffer>[], maxGradientNorm: number) {
  const variable = (size: number) => ({ data: new Float32Array(size), shape: [size] });
  const parameters = await createVariables(
    inMemory(
      Object.fromEntries(
        [...gradients, new Float32Array(70)].map(({ length }, i) => [`p${i}`, variable(length)]),
      ),
    ),
  );
  const options = { optimizer: 'sgd', weightDecay: 0, momentum: 0, maxGradientNorm } as const;
  const optimizer = createOptimizer(parameters, options);
  const runner = new StepRunner(({ numbers, huge, ...given }) => {
    // What the step leaves in the memory that the gradients get after it.
    const stale = tf.sum(tf.mul(huge, 1));
    optimizer.update(
      Object.fromEntries(Object.entries(given).map(([name, gradient]) => [name, tf.mul(gradient, -1)])),
      numbers,
    );
    return { stale };
  });
  const places = parameters.flats?.[0].tensor.size ?? 1;
  const inputs = gradients.map((data, i) => [`p${i}`, { data, shape: [data.length] }] as const);
  await runner.run({
    ...Object.fromEntries(inputs),
    huge: { data: new Float32Array(places).fill(1e6), shape: [places] },
    numbers: { data: optimizer.stepNumbers(0, 1), shape: [4] },
  });
  const changes = Object.values(await readTensors(parameters.byName)).map(({ data }) => data);
  runner.dispose();
  optimizer.dispose();
  disposeVariables(parameters);
  return changes;
}

function adamW(weightDecay: number, scales = [1, 1, 1]): number[] {
  return start.map((value, i) => {
    let [p, m, v] = [value, 0, 0];
    for (const [step, gradient] of gradients.entries()) {
      const g = gradient[i] * scales[step];
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

/** Has variables created in as many buffers as this limit asks for. */
async function withBuffersOf<T>(bytes: number, action: () => Promise<T>): Promise<T> {
  vi.mocked(memory.largestBuffer).mockReturnValue(bytes);
  try {
    return await action();
  } finally {
    vi.mocked(memory.largestBuffer).mockReset();
  }
}

/** As software adapters and as graphics processors sum up. */
function clippingTests(): void {
  it.each([
    [[1], 0.1],
    [[3, 64, 65], 0.01],
    [[63, 1, 4097, 9001, 127], 2],
    [[130, 20_000], 1e6],
  ])('gradients of the sizes %j are clipped by the norm of all, at %f', async (sizes, most) => {
    const random = Random.keyed(1, sizes.length);
    const gradients = sizes.map((size) => Float32Array.from({ length: size }, () => 3 * random.normal()));
    const norm = Math.hypot(...gradients.flatMap((gradient) => Array.from(gradient)));
    const scale = Math.min(1, most / (norm + 1e-6));
    expect(scale === 1).toBe(most === 1e6);
    const changes = await clippedStep(gradients, most);
    const largest = 256 * Math.ceil(Math.max(...sizes, 70) / 64);
    expect(await withBuffersOf(largest, () => clippedStep(gradients, most))).toEqual(changes);
    for (const [i, gradient] of gradients.entries())
      expect(
        largestDifference(
          changes[i],
          gradient.map((g) => g * scale),
        ),
        `gradient ${i}`,
      ).toBeLessThan(2e-5 * scale);
    expect(Math.max(...changes[sizes.length])).toBe(0);
  });
}

eachBackend((backend) => {
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

  it('variables in several buffers learn the same', async () => {
    const options = { optimizer: 'adamw', weightDecay: 0.2, momentum: 0, maxGradientNorm: 0.6 } as const;
    const inOne = await descend(options);
    // Each variable takes 256 bytes.
    for (const bytes of [256, 512]) expect(await withBuffersOf(bytes, () => descend(options))).toEqual(inOne);
    if (backend === 'webgpu')
      await expect(withBuffersOf(255, () => descend(options))).rejects.toThrow(
        'matrix, which is trained, takes 0 MB in one buffer',
      );
  });

  it('AdamW takes the clipped gradients', async () => {
    const options = { optimizer: 'adamw', weightDecay: 0.2, momentum: 0 } as const;
    const clipped = await descend({ ...options, maxGradientNorm: 0.6 });
    // Both variables have the same gradient; the first two are short enough.
    const scales = gradients.map((gradient) => Math.min(1, 0.6 / Math.sqrt(2) / Math.hypot(...gradient)));
    expect(largestDifference(clipped.matrix, adamW(0.2, scales))).toBeLessThan(1e-5);
    expect(largestDifference(clipped.vector, adamW(0, scales))).toBeLessThan(1e-5);
  });

  describe.each(backend === 'webgpu' ? [1, HARDWARE_LANES] : [1])('with %i threads a line', (count) => {
    const usual = lanes.count;
    beforeAll(() => {
      lanes.count = count;
    });
    afterAll(() => {
      lanes.count = usual;
    });
    clippingTests();
  });
});
