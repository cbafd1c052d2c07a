import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { type Contest, findFastest } from '../../src/device/tuning';
import { uploadTensor } from '../../src/device/upload';
import { hasHalf, type Precision } from '../../src/device/webgpu/half';
import { inMemory } from '../../src/files/tensors';
import { type MatmulOptions, tiledMatmul } from '../../src/ops/webgpu/matmul';
import type { Layout } from '../../src/ops/webgpu/matmulCode';
import { tuneHalfMatmul, tuneMatmul } from '../../src/ops/webgpu/matmulTuning';
import {
  halfClassOf,
  halfVariants,
  matmulVariants,
  nameOf,
  sizes,
  type Variant,
  variantFor,
} from '../../src/ops/webgpu/matmulVariants';
import { random } from './compare';
import { eachBackend, largestDifference } from './setup';

const LAYOUTS: Layout[] = ['NT', 'NN', 'TN'];

/** Small, because adapters that are programs on the CPU take seconds to compile those meant for graphics processors. */
const SHARED: Variant[] = [
  { kind: 'shared', tile: [32, 16], depth: 8, rows: 8, columns: 4, splits: 1 },
  { kind: 'shared', tile: [16, 32], depth: 16, rows: 4, columns: 8, splits: 2 },
];

/** Of sums that reach 30. */
const TOLERANCE: Record<Precision, number> = { float32: 1e-4, float16: 2e-2, 'float16-arithmetic': 5e-2 };

/** m, n, k; the last is such that only TN may read it in fours. */
const SIZES = [
  [4, 4, 4],
  [68, 132, 40],
  [36, 20, 37],
];

/** A · B in double precision, by rows. */
function product(layout: Layout, [m, n, k]: number[], a: Float32Array, b: Float32Array): Float64Array {
  const result = new Float64Array(m * n);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++)
      for (let q = 0; q < k; q++)
        result[i * n + j] +=
          a[layout === 'TN' ? q * m + i : i * k + q] * b[layout === 'NT' ? j * k + q : q * n + j];
  return result;
}

const quickGelu = (x: number) => x / (1 + Math.exp(-1.702 * x));

const quickGeluSlope = (x: number) => {
  const sigmoid = 1 / (1 + Math.exp(-1.702 * x));
  return sigmoid + 1.702 * x * sigmoid * (1 - sigmoid);
};

/** With NT a bias and an activation, with NN a residual and factors, with TN the sums of columns. */
async function check(
  layout: Layout,
  size: number[],
  variant: Variant | undefined,
  precision: Precision = 'float32',
): Promise<void> {
  const [m, n, k] = size;
  const a = random(layout === 'TN' ? [k, m] : [m, k]);
  const b = random(layout === 'NT' ? [n, k] : [k, n]);
  const [bias, at] = [random([n]), random([m, n])];
  const [aData, bData, biasData, atData] = await Promise.all(
    [a, b, bias, at].map((tensor) => tensor.data<'float32'>()),
  );
  const bPieces = inMemory({ b: { shape: b.shape, data: bData } }).pieces('b');
  const isHalf = precision !== 'float32';
  const half = isHalf ? await uploadTensor(b.shape, bPieces, precision) : undefined;
  const options: MatmulOptions = {
    layout,
    m,
    n,
    k,
    a: { tensor: a, rowStride: layout === 'TN' ? m : k },
    b: { tensor: half ?? b, rowStride: layout === 'NT' ? k : n, precision },
    output: { shape: [m, n], rowStride: n },
    ...(layout === 'NT' && { bias, activation: 'quick_gelu' }),
    ...(layout === 'NN' && { residual: at, factors: at }),
    ...(layout === 'TN' && { columnSums: true }),
  };
  const outputs = tiledMatmul(options, variant).map((info) => tf.engine().makeTensorFromTensorInfo(info));

  const sums = product(layout, size, aData, bData);
  let expected: ArrayLike<number>[] = [];
  if (layout === 'NT') {
    const before = sums.map((sum, i) => sum + biasData[i % n]);
    expected = [before.map(quickGelu), before.map(quickGeluSlope)];
  } else if (layout === 'NN') expected = [sums.map((sum, i) => (sum + atData[i]) * atData[i])];
  else expected = [sums, product('TN', [m, 1, k], aData, new Float32Array(k).fill(1))];
  expect(outputs.length).toBe(expected.length);
  for (const [i, output] of outputs.entries()) {
    const difference = largestDifference(await output.data(), expected[i]);
    expect(difference, `output ${i}, ${size.join(' × ')}`).toBeLessThan(TOLERANCE[precision]);
  }
  tf.dispose([a, b, bias, at, outputs]);
  half?.dispose();
}

eachBackend(() => {
  describe.each(LAYOUTS)('%s', (layout) => {
    it('is right with every variant that this adapter may use', async () => {
      const variants = new Map(
        sizes().flatMap((size) => matmulVariants(size).map((one) => [nameOf(one), one])),
      );
      expect(variants.size).toBeGreaterThan(0);
      for (const variant of variants.values()) for (const size of SIZES) await check(layout, size, variant);
    });

    it.each(SHARED.map((variant) => [nameOf(variant), variant] as const))(
      'is right with %s',
      async (_, variant) => {
        for (const size of SIZES) await check(layout, size, variant);
      },
    );

    it.each([
      [1, 1, 1],
      [5, 3, 7],
      [33, 18, 9],
      [34, 41, 8],
    ])('is right for %i × %i over %i, which four does not divide', async (...size) => {
      await check(layout, size, undefined);
    });
  });

  describe('B in float16', () => {
    it('is right', async () => {
      if (!hasHalf()) return;
      for (const variant of [variantFor('NT', 68, 132), SHARED[0]])
        await check('NT', [68, 132, 40], variant, 'float16');
      await check('NT', [6, 4, 5], undefined, 'float16');
    });

    it('is right with products in float16, by every variant', async () => {
      if (!hasHalf()) return;
      const variants = [
        ...sizes().flatMap((size) => halfVariants(size)),
        ...SHARED.map((variant) => ({ ...variant, halfProducts: true })),
      ];
      for (const variant of variants.filter(({ halfProducts }) => halfProducts)) {
        for (const size of [
          [4, 4, 4],
          [68, 132, 40],
        ])
          await check('NT', size, variant, 'float16-arithmetic');
        // Whose rows can't be read in fours: widened.
        await check('NT', [6, 4, 5], variant, 'float16-arithmetic');
      }
    });

    it('sums in float16 what stays in its range, and goes beyond in float32', async () => {
      if (!hasHalf()) return;
      // As CLIP's outlier channels: neighbouring products add up to 51,200, all to 2,457,600.
      const [m, n, k] = [4, 8, 768];
      const a = tf.fill([m, k], 800);
      const pieces = inMemory({ b: { shape: [n, k], data: new Float32Array(n * k).fill(4) } }).pieces('b');
      const b = await uploadTensor([n, k], pieces, 'float16-arithmetic');
      for (const variant of [variantFor('NT', m, n), ...SHARED]) {
        const operands = { a: { tensor: a, rowStride: k }, b: { tensor: b, rowStride: k } };
        const options = {
          layout: 'NT' as const,
          m,
          n,
          k,
          ...operands,
          output: { shape: [m, n], rowStride: n },
        };
        const [info] = tiledMatmul(
          { ...options, b: { ...operands.b, precision: 'float16-arithmetic' } },
          { ...variant, halfProducts: true },
        );
        const output = tf.engine().makeTensorFromTensorInfo(info);
        expect([...(await output.data())]).toEqual(new Array(m * n).fill(800 * 4 * k));
        output.dispose();
      }
      tf.dispose([a, b]);
    });

    it('multiplies in float16 only where that was measured to be faster', async () => {
      if (!hasHalf()) return;
      const [size] = sizes();
      const [widening, half] = halfVariants(size);
      const chosen = (precision: Precision) => variantFor('NT', 1000, 1000, precision);
      for (const fastest of [half, widening]) {
        const store = {
          get: async () => JSON.stringify([[halfClassOf(size), nameOf(fastest)]]),
          set: async () => undefined,
        };
        await tuneHalfMatmul({ store, milliseconds: -1 });
        expect(chosen('float16-arithmetic')).toEqual(fastest);
        expect(chosen('float16').halfProducts).toBeUndefined();
        expect(variantFor('NN', 1000, 1000).halfProducts).toBeUndefined();
      }
      await tuneHalfMatmul();
      expect(halfVariants(size)).toContainEqual(chosen('float16-arithmetic'));
    });
  });

  describe('measuring', () => {
    /** Two ways, one with far more work than the other. */
    const contest = (): Contest => ({
      name: 'additions',
      candidates: ['many', 'few'],
      async prepare() {
        const one = tf.ones([2 ** 18]);
        const run = (candidate: string) => {
          for (let i = 0; i < (candidate === 'many' ? 40 : 1); i++) tf.add(one, one).dispose();
        };
        return { run, dispose: () => one.dispose() };
      },
    });

    it('finds the fastest, tells how far it is, and remembers', async () => {
      const kept = new Map<string, string>();
      const store = {
        get: async (key: string) => kept.get(key),
        set: async (key: string, value: string) => void kept.set(key, value),
      };
      const seen: number[] = [];
      const options = { store, milliseconds: 60_000, onProgress: (fraction: number) => seen.push(fraction) };
      expect([...(await findFastest([contest()], '1', options))]).toEqual([['additions', 'few']]);
      expect(seen.at(-1)).toBe(1);
      seen.length = 0;
      expect([...(await findFastest([contest()], '1', options))]).toEqual([['additions', 'few']]);
      expect(seen).toEqual([]);
      await findFastest([contest()], '2', options);
      expect(kept.size).toBe(2);
    });

    it('keeps to its time and does without a store', async () => {
      expect([...(await findFastest([contest()], '1', { milliseconds: -1 }))]).toEqual([]);
      const broken = { get: () => Promise.reject(new Error()), set: () => Promise.reject(new Error()) };
      expect((await findFastest([contest()], '1', { store: broken })).size).toBe(1);
    });

    it('goes on where what it remembers is damaged', async () => {
      const store = { get: async () => 'not JSON', set: async () => undefined };
      await tuneMatmul({ store, milliseconds: 1 });
      expect(matmulVariants(sizes()[0])).toContain(variantFor('NT', 1000, 1000));
    });
  });
}, ['webgpu']);
