import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { readTensors } from '../../src/device/hostTensors';
import { StepRunner } from '../../src/device/stepRunner';
import { createVariables, disposeVariables } from '../../src/device/variables';
import { isSoftware, joining } from '../../src/device/webgpu/lanes';
import { joinDispatches } from '../../src/device/webgpu/schedule';
import { Trace } from '../../src/device/webgpu/trace';
import { inMemory } from '../../src/files/tensors';
import { l2Normalize, l2NormalizeComposition } from '../../src/ops/l2Normalize';
import { layerNorm, layerNormComposition } from '../../src/ops/layerNorm';
import { linear, linearComposition } from '../../src/ops/linear';
import { tiledMatmul } from '../../src/ops/webgpu/matmul';
import { matmulVariants, sizes, type Variant, variantFor } from '../../src/ops/webgpu/matmulVariants';
import type { RowNorm } from '../../src/ops/webgpu/rowNorm';
import { createOptimizer } from '../../src/train/optimizer';
import { random } from './compare';
import { eachBackend, largestDifference } from './setup';

const EPSILON = 1e-5;

/** Small, because adapters that are programs on the CPU take seconds to compile those meant for graphics processors. */
const SHARED: Variant = { kind: 'shared', tile: [16, 32], depth: 16, rows: 4, columns: 8, splits: 2 };

/** Away from 0, so that what is beyond a row's end would show. */
const rows = (shape: number[]) => tf.tidy(() => tf.add(tf.mul(random(shape), 2), 3));

eachBackend(() => {
  it('a product norms its rows as it reads them, by every variant', async () => {
    const all = [variantFor('NT', 68, 132), SHARED, ...sizes().flatMap((size) => matmulVariants(size))];
    for (const [m, n, k] of [
      [4, 4, 4],
      [68, 132, 40],
      [34, 41, 8],
    ])
      for (const variant of new Set(all)) {
        const [x, b, weight, bias] = [rows([m, k]), random([n, k]), random([k]), random([k])];
        const operands = { a: { tensor: x, rowStride: k }, b: { tensor: b, rowStride: k } };
        const norms: [RowNorm, tf.Tensor][] = [
          [{ x, affine: { weight, bias, epsilon: EPSILON } }, layerNormComposition(x, weight, bias, EPSILON)],
          [{ x }, l2NormalizeComposition(x)],
        ];
        for (const [rowNorm, normed] of norms) {
          const output = { shape: [m, n], rowStride: n };
          const [info] = tiledMatmul({ layout: 'NT', m, n, k, ...operands, output, rowNorm }, variant);
          const result = tf.engine().makeTensorFromTensorInfo(info);
          const wanted = linearComposition(normed, b);
          expect(largestDifference(await result.data(), await wanted.data())).toBeLessThan(3e-5);
          tf.dispose([result, normed, wanted]);
        }
        tf.dispose([x, b, weight, bias]);
      }
  });

  const numbers = (shape: number[], from: number) => ({
    shape,
    data: Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => Math.sin(i + from)),
  });

  /** A step over small products of norms, which then changes the norms' weights. */
  async function step(isJoining: boolean) {
    joining.isOn = isJoining;
    const given = { scale: numbers([8], 1), shift: numbers([8], 2), matrix: numbers([12, 8], 3) };
    const parameters = await createVariables(inMemory(given));
    const optimizer = createOptimizer(parameters, { optimizer: 'sgd', weightDecay: 0, momentum: 0 });
    const { scale, shift, matrix } = parameters.byName;
    const runner = new StepRunner(({ x, rates }) => {
      const loss = (at: tf.Tensor, scaled: tf.Tensor, shifted: tf.Tensor, by: tf.Tensor) => {
        const y = linear(layerNorm(tf.square(at), scaled, shifted, EPSILON), by);
        return tf.sum<tf.Scalar>(tf.sin(linear(l2Normalize(y), y)));
      };
      const normed = layerNorm(tf.square(x), scale, shift, EPSILON);
      const { value, grads } = tf.valueAndGrads((...all: tf.Tensor[]) =>
        loss(all[0], all[1], all[2], all[3]),
      )([x, scale, shift, matrix]);
      optimizer.update({ scale: grads[1], shift: grads[2], matrix: grads[3] }, rates);
      // The weights are others now; the norm is by those that were.
      return { value, dx: grads[0], after: linear(normed, matrix) };
    });
    const rates = { data: optimizer.stepNumbers(0, 0.1), shape: [4] };
    const outputs = await runner.run({ x: numbers([5, 8], 4), rates });
    const changed = await readTensors(parameters.byName);
    runner.dispose();
    optimizer.dispose();
    disposeVariables(parameters);
    return {
      ...outputs,
      ...Object.fromEntries(Object.entries(changed).map(([name, { data }]) => [name, data])),
    };
  }

  // Where a thread has a whole row, to the last digit: features may be kept from one and compared with the other.
  it('in a step it gives what the norm and the product give, gradients too', async () => {
    const [apart, together] = [await step(false), await step(true)];
    expect(Object.keys(together)).toEqual(['value', 'dx', 'after', 'scale', 'shift', 'matrix']);
    for (const [name, values] of Object.entries<ArrayLike<number>>(apart))
      expect(largestDifference(Object(together)[name], values), name).toBeLessThanOrEqual(
        isSoftware() ? 0 : 2e-5,
      );
  });

  it('takes one dispatch for a small product of a norm, two for a large one', () => {
    const dispatches = (n: number) => {
      const given = [tf.ones([64, 128]), tf.ones([n, 128])];
      const { trace, result } = Trace.of(() =>
        tf.tidy(() => linear(l2Normalize(tf.square(given[0])), given[1])),
      );
      const count = joinDispatches(trace.commands, [trace.resourceOf(result)]).length;
      tf.dispose([result, given]);
      // The square is one too.
      return count - 1;
    };
    expect([dispatches(256), dispatches(260)]).toEqual([1, 2]);
  });
}, ['webgpu']);
