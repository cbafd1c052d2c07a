import * as tf from '@tensorflow/tfjs-core';
import { expect, it, vi } from 'vitest';
import { readTensors, writeTensor } from '../../src/device/hostTensors';
import { StepRunner } from '../../src/device/stepRunner';
import { createVariables, disposeVariables } from '../../src/device/variables';
import { webgpuBackend } from '../../src/device/webgpu/backend';
import { inMemory } from '../../src/files/tensors';
import { l2Normalize } from '../../src/ops/l2Normalize';
import { createOptimizer } from '../../src/train/optimizer';
import { eachBackend, largestDifference } from './setup';

const input = (...numbers: number[]) => ({ data: Float32Array.from(numbers), shape: [numbers.length] });

eachBackend(() => {
  it('a step gives each time what its inputs ask for', async () => {
    const runner = new StepRunner(({ a, b }) => {
      const product = tf.mul(a, b);
      return { sum: tf.sum(product), softmax: tf.softmax(tf.add(product, 1)), a };
    });
    for (const scale of [1, 2, -3]) {
      const a = input(scale, 2 * scale, 3);
      const { sum, softmax, a: same } = await runner.run({ a, b: input(1, -1, 0.5) });
      expect(sum[0]).toBeCloseTo(1.5 - scale, 5);
      const powers = [scale, -2 * scale, 1.5].map((x) => Math.exp(x + 1));
      const total = powers.reduce((x, y) => x + y);
      expect(
        largestDifference(
          softmax,
          powers.map((x) => x / total),
        ),
      ).toBeLessThan(1e-6);
      expect(Array.from(same)).toEqual(Array.from(a.data));
    }
    // Other shapes are another step.
    expect((await runner.run({ a: input(2), b: input(5) })).sum[0]).toBe(10);
    runner.dispose();
  });

  it('steps that are sent without waiting are done in order', async () => {
    const counter = await createVariables(inMemory({ count: { data: Float32Array.of(0), shape: [1] } }));
    const optimizer = createOptimizer(counter, { optimizer: 'sgd', weightDecay: 0, momentum: 0 });
    const runner = new StepRunner(({ change, numbers }) => {
      const before = tf.add(counter.byName['count'], 0);
      optimizer.update({ count: tf.neg(change) }, numbers);
      return { before };
    });
    const numbers = { data: optimizer.stepNumbers(0, 1), shape: [4] };
    const all = [1, 10, 100].map((change) => runner.run({ change: input(change), numbers }));
    expect((await Promise.all(all)).map(({ before }) => before[0])).toEqual([0, 1, 11]);
    expect((await readTensors(counter.byName))['count'].data[0]).toBe(111);
    writeTensor(counter.byName['count'], Float32Array.of(5));
    expect((await runner.run({ change: input(1), numbers })).before[0]).toBe(5);
    runner.dispose();
    optimizer.dispose();
    disposeVariables(counter);
  });

  it('gradients that meet are added, and sums that are read in between are there', async () => {
    const runner = new StepRunner(({ x }) => {
      const slope = tf.grad((at: tf.Tensor) =>
        tf.sum(tf.addN([1, 2, 3, 4].map((power) => tf.pow(at, power)))),
      );
      const two = tf.add(x, x);
      return { slope: slope(x), two, five: tf.add(tf.add(tf.add(two, x), x), x), three: tf.add(two, x) };
    });
    const { slope, two, five, three } = await runner.run({ x: input(1, 2, -3) });
    expect(Array.from(slope)).toEqual([10, 49, -86].map((value) => expect.closeTo(value, 3)));
    expect(Array.from(two)).toEqual([2, 4, -6]);
    expect(Array.from(three)).toEqual([3, 6, -9]);
    expect(Array.from(five)).toEqual([5, 10, -15]);
    runner.dispose();
  });

  it('a norm’s gradient adds up what meets there, and what changes in between is read before', async () => {
    const counter = await createVariables(inMemory({ count: { data: Float32Array.of(1, 2), shape: [2] } }));
    const optimizer = createOptimizer(counter, { optimizer: 'sgd', weightDecay: 0, momentum: 0 });
    const runner = new StepRunner(({ x, numbers }) => {
      const slope = tf.grad((at: tf.Tensor) => {
        const y = l2Normalize(at);
        return tf.sum(tf.addN([tf.mul(y, 3), tf.square(y), tf.mul(y, tf.tensor1d([1, 2])), tf.exp(y)]));
      });
      const before = tf.add(counter.byName['count'], x);
      optimizer.update({ count: x }, numbers);
      return { slope: slope(x), before: tf.add(before, x) };
    });
    const numbers = { data: optimizer.stepNumbers(0, 1), shape: [4] };
    const { slope, before } = await runner.run({ x: input(3, 4), numbers });
    const [y0, y1] = [0.6, 0.8];
    const [g0, g1] = [3 + 2 * y0 + 1 + Math.exp(y0), 3 + 2 * y1 + 2 + Math.exp(y1)];
    const along = y0 * g0 + y1 * g1;
    const wanted = [(g0 - y0 * along) / 5, (g1 - y1 * along) / 5];
    expect(Array.from(slope)).toEqual(wanted.map((value) => expect.closeTo(value, 5)));
    expect(Array.from(before)).toEqual([7, 10]);
    runner.dispose();
    optimizer.dispose();
    disposeVariables(counter);
  });

  it('a gradient that something else reads too still reaches its parameter', async () => {
    const data = Float32Array.of(1, 2);
    const parameters = await createVariables(
      inMemory({ one: { data, shape: [2] }, two: { data, shape: [2] } }),
    );
    const optimizer = createOptimizer(parameters, { optimizer: 'sgd', weightDecay: 0, momentum: 0 });
    const runner = new StepRunner(({ x, numbers }) => {
      const gradient = tf.mul(x, 2);
      // The same numbers for both, and an output of them.
      optimizer.update({ one: gradient, two: gradient }, numbers);
      return { gradient };
    });
    const numbers = { data: optimizer.stepNumbers(0, 0.5), shape: [4] };
    const { gradient } = await runner.run({ x: input(3, 4), numbers });
    expect(Array.from(gradient)).toEqual([6, 8]);
    const { one, two } = await readTensors(parameters.byName);
    expect(Array.from(one.data)).toEqual([-2, -2]);
    expect(Array.from(two.data)).toEqual([-2, -2]);
    runner.dispose();
    optimizer.dispose();
    disposeVariables(parameters);
  });
});

eachBackend(() => {
  it('tensors that fit in no one buffer together are read by several', async () => {
    const { device } = webgpuBackend();
    const { maxBufferSize } = device.limits;
    const created = vi.spyOn(device, 'createBuffer');
    const data = Float32Array.from({ length: 90 }, (_, i) => i);
    const variables = await createVariables(
      inMemory({
        a: { data, shape: [90] },
        b: { data: data.slice(0, 60), shape: [60] },
        c: { data, shape: [90] },
      }),
    );
    created.mockClear();
    vi.spyOn(device, 'limits', 'get').mockReturnValue({
      ...device.limits,
      maxBufferSize: 800,
      maxStorageBufferBindingSize: 800,
    });
    const read = await readTensors(variables.byName);
    vi.restoreAllMocks();
    expect(device.limits.maxBufferSize).toBe(maxBufferSize);
    expect(created.mock.calls.map(([{ size }]) => size)).toEqual([752, 360]);
    expect(Object.keys(read)).toEqual(['a', 'b', 'c']);
    expect(read['b'].data).toEqual(data.slice(0, 60));
    expect(read['c'].data).toEqual(data);
    disposeVariables(variables);
  });
}, ['webgpu']);
