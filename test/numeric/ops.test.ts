import * as tf from '@tensorflow/tfjs-core';
import { expect, it, vi } from 'vitest';
import { adamW } from '../../src/ops/adamW';
import { attention, attentionComposition } from '../../src/ops/attention';
import { linear, linearComposition } from '../../src/ops/linear';
import { mlp, mlpComposition } from '../../src/ops/mlp';
import { patchEmbedding } from '../../src/ops/patchEmbedding';
import { sgd } from '../../src/ops/sgd';
import { expectSame, random } from './compare';
import { eachBackend, largestDifference } from './setup';

/** A variable with random values, in a buffer of its own. */
function randomVariable(shape: number[]): tf.Variable {
  return tf.tidy(() => tf.variable(random(shape)));
}

const zeroVariable = (shape: number[]) => tf.tidy(() => tf.variable(tf.zeros(shape)));

eachBackend(() => {
  it.each([
    { rows: [1], inner: 4, out: 4 },
    { rows: [3, 5], inner: 12, out: 20 },
    { rows: [33], inner: 64, out: 36 },
    { rows: [2, 17], inner: 32, out: 128 },
    { rows: [7], inner: 5, out: 3 },
  ])('linear over $rows rows, $inner to $out', async ({ rows, inner, out }) => {
    const inputs = [random([...rows, inner]), random([out, inner]), random([out]), random([...rows, out])];
    await expectSame(
      (x, w, b, r) => linear(x, w, b, r),
      (x, w, b, r) => linearComposition(x, w, b, r),
      inputs,
    );
    await expectSame(
      (x, w) => linear(x, w),
      (x, w) => linearComposition(x, w),
      inputs.slice(0, 2),
    );
    tf.dispose(inputs);
  });

  it.each([
    ['quick_gelu', [3, 41, 12, 5]],
    ['gelu', [3, 41, 12, 5]],
    ['quick_gelu', [2, 16, 64, 16]],
    ['gelu', [2, 16, 64, 16]],
    ['gelu_pytorch_tanh', [2, 16, 64, 16]],
  ] as const)('two layers with %s, sizes %j', async (activation, [rows, inner, wide, out]) => {
    const op =
      (f: typeof mlp) =>
      (...[x, weight1, bias1, weight2, bias2, residual]: tf.Tensor[]) =>
        f(x, { weight: weight1, bias: bias1 }, { weight: weight2, bias: bias2 }, activation, residual);
    const shapes = [[rows, inner], [wide, inner], [wide], [out, wide], [out], [rows, out]];
    const inputs = shapes.map(random);
    await expectSame(op(mlp), op(mlpComposition), inputs);
    tf.dispose(inputs);
  });

  it('makes no gradients for what two layers keep for theirs', () => {
    const made = vi.spyOn(tf.engine(), 'makeTensor');
    tf.tidy(() => {
      const [x, weight1, bias1, weight2, bias2] = [[3, 8], [16, 8], [16], [8, 16], [8]].map(random);
      const layers = [
        { weight: weight1, bias: bias1 },
        { weight: weight2, bias: bias2 },
      ] as const;
      const dy = tf.ones([3, 8]);
      made.mockClear();
      tf.grad((at) => mlp(at, ...layers, 'gelu', x))(x, dy);
    });
    expect(made.mock.calls).toEqual([]);
    made.mockRestore();
  });

  it.each([
    { batch: 1, tokens: 1, width: 8, heads: 2, causal: false, queries: 1 },
    { batch: 2, tokens: 5, width: 16, heads: 2, causal: true, queries: 5 },
    { batch: 2, tokens: 29, width: 96, heads: 3, causal: false, queries: 29 },
    { batch: 2, tokens: 29, width: 64, heads: 2, causal: true, queries: 29 },
    { batch: 2, tokens: 9, width: 6, heads: 1, causal: false, queries: 9 },
    { batch: 2, tokens: 29, width: 96, heads: 3, causal: false, queries: 1 },
    { batch: 2, tokens: 70, width: 64, heads: 2, causal: true, queries: 30 },
    { batch: 2, tokens: 9, width: 6, heads: 1, causal: false, queries: 2 },
  ])(
    'attention, batch $batch, $tokens tokens, $queries queries, $heads heads of $width, causal $causal',
    async ({ batch, tokens, width, heads, causal, queries }) => {
      const qkv = random([batch, tokens, 3 * width]);
      await expectSame(
        (x) => attention(x, heads, causal, queries),
        (x) => attentionComposition(x, heads, causal, queries),
        [qkv],
      );
      qkv.dispose();
    },
  );

  it.each([
    { size: 16, patch: 8, width: 12 },
    { size: 30, patch: 14, width: 8 },
    { size: 9, patch: 3, width: 5 },
  ])(
    'patch embedding of $size px in patches of $patch is a strided convolution',
    async ({ size, patch, width }) => {
      const pixels = random([2, 3, size, size]);
      const weight = random([width, 3, patch, patch]);
      const grid = Math.floor(size / patch);
      const sum = new Float32Array(2 * grid * grid * width);
      const x = await pixels.data();
      const w = await weight.data();
      for (let b = 0; b < 2; b++)
        for (let p = 0; p < grid * grid; p++)
          for (let o = 0; o < width; o++)
            for (let c = 0; c < 3; c++)
              for (let i = 0; i < patch * patch; i++) {
                const row = Math.floor(p / grid) * patch + Math.floor(i / patch);
                const column = (p % grid) * patch + (i % patch);
                sum[(b * grid * grid + p) * width + o] +=
                  x[((b * 3 + c) * size + row) * size + column] * w[(o * 3 + c) * patch * patch + i];
              }
      const patches = patchEmbedding(pixels, weight);
      expect(patches.shape).toEqual([2, grid * grid, width]);
      expect(largestDifference(await patches.data(), sum)).toBeLessThan(1e-3);
      tf.dispose([pixels, weight, patches]);
    },
  );

  it.each([[[]], [[3]], [[5, 7]]])('AdamW on %j, three steps of the formula', async (shape: number[]) => {
    const parameter = randomVariable(shape);
    const moments = [0, 1].map(() => zeroVariable(shape));
    let p = Float64Array.from(await parameter.data());
    let m = p.map(() => 0);
    let v = p.map(() => 0);
    for (let step = 1; step <= 3; step++) {
      const gradient = random(shape);
      const g = (await gradient.data<'float32'>()).map((x) => 0.5 * x);
      adamW(parameter, gradient, moments[0], moments[1], {
        scale: 0.5,
        learningRate: 0.1,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        weightDecay: 0.01,
        step,
      });
      m = m.map((x, i) => 0.9 * x + 0.1 * g[i]);
      v = v.map((x, i) => 0.999 * x + 0.001 * g[i] ** 2);
      p = p.map(
        (x, i) =>
          x * (1 - 0.001) -
          (0.1 * (m[i] / (1 - 0.9 ** step))) / (Math.sqrt(v[i] / (1 - 0.999 ** step)) + 1e-8),
      );
      gradient.dispose();
    }
    expect(largestDifference(await parameter.data(), p)).toBeLessThan(1e-5);
    tf.dispose([parameter, ...moments]);
  });

  it('SGD with momentum and weight decay, three steps of the formula', async () => {
    const parameter = randomVariable([4, 3]);
    const buffer = zeroVariable([4, 3]);
    let p = Float64Array.from(await parameter.data());
    let b = p.map(() => 0);
    for (let step = 0; step < 3; step++) {
      const gradient = random([4, 3]);
      const g = await gradient.data();
      sgd(parameter, gradient, buffer, { learningRate: 0.1, momentum: 0.9, weightDecay: 0.05 });
      b = b.map((x, i) => 0.9 * x + g[i] + 0.05 * p[i]);
      p = p.map((x, i) => x - 0.1 * b[i]);
      gradient.dispose();
    }
    expect(largestDifference(await parameter.data(), p)).toBeLessThan(1e-5);
    tf.dispose([parameter, buffer]);
  });
});
