import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { activate, activationComposition } from '../../src/ops/activation';
import { adamW } from '../../src/ops/adamW';
import { attention, attentionComposition } from '../../src/ops/attention';
import { batchNormTraining, batchNormTrainingComposition } from '../../src/ops/batchNorm';
import { batchStatistics, batchStatisticsComposition } from '../../src/ops/batchStatistics';
import { l2Normalize, l2NormalizeComposition } from '../../src/ops/l2Normalize';
import { layerNorm, layerNormComposition } from '../../src/ops/layerNorm';
import { linear, linearComposition } from '../../src/ops/linear';
import { patchEmbedding } from '../../src/ops/patchEmbedding';
import { sgd } from '../../src/ops/sgd';
import { softmaxKL, softmaxKLComposition } from '../../src/ops/softmaxKL';
import { eachBackend, largestDifference } from './setup';

type Op = (...inputs: tf.Tensor[]) => tf.Tensor;

let seed = 1;
/** Normal values, different at each call, the same in every run. */
const random = (shape: number[]) => tf.randomNormal(shape, 0, 1, 'float32', seed++);

/** Compares an op with the composition that defines it: values, and every gradient of a weighted sum of them. */
async function expectSame(op: Op, meaning: Op, inputs: tf.Tensor[], tolerance = 2e-4): Promise<void> {
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
      (x, w, b, r) => linear(x, w, b, { residual: r }),
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

  it.each(['quick_gelu', 'gelu'] as const)('%s', async (name) => {
    const x = tf.tidy(() => tf.mul(random([3, 41]), 3));
    await expectSame(
      (t) => activate(t, name),
      (t) => activationComposition(t, name),
      [x],
      1e-5,
    );
    x.dispose();
  });

  it.each([
    { batch: 1, tokens: 1, width: 8, heads: 2, causal: false },
    { batch: 2, tokens: 5, width: 16, heads: 2, causal: true },
    { batch: 3, tokens: 17, width: 96, heads: 3, causal: false },
    { batch: 2, tokens: 20, width: 64, heads: 1, causal: true },
    { batch: 2, tokens: 9, width: 6, heads: 1, causal: false },
  ])('attention, batch $batch, $tokens tokens, $heads heads of $width, causal $causal', async (size) => {
    const inputs = [0, 1, 2].map(() => random([size.batch, size.tokens, size.width]));
    await expectSame(
      (q, k, v) => attention(q, k, v, size.heads, size.causal),
      (q, k, v) => attentionComposition(q, k, v, size.heads, size.causal),
      inputs,
    );
    tf.dispose(inputs);
  });

  it.each([[[4, 8]], [[2, 3, 65]], [[1, 130]]])('layer normalisation of %j', async (shape) => {
    const width = shape[shape.length - 1];
    const inputs = [random(shape), random([width]), random([width])];
    await expectSame(
      (x, w, b) => layerNorm(x, w, b, 1e-5),
      (x, w, b) => layerNormComposition(x, w, b, 1e-5),
      inputs,
    );
    tf.dispose(inputs);
  });

  it.each([[[4, 8]], [[2, 3, 65]], [[1, 7]]])('L2 normalisation of %j', async (shape) => {
    const x = random(shape);
    await expectSame(l2Normalize, l2NormalizeComposition, [x]);
    x.dispose();
  });

  it.each([[[2, 3]], [[5, 66]], [[33, 7]]])('batch norm and statistics of %j', async (shape) => {
    const inputs = [random(shape), random(shape.slice(1)), random(shape.slice(1))];
    await expectSame(batchNormTraining, batchNormTrainingComposition, inputs, 2e-3);
    const both = (f: typeof batchStatistics) => (x: tf.Tensor) => tf.stack(Object.values(f(x)));
    await expectSame(both(batchStatistics), both(batchStatisticsComposition), inputs.slice(0, 1));
    tf.dispose(inputs);
  });

  it.each([
    { batch: 1, texts: 2, temperature: 1 },
    { batch: 5, texts: 33, temperature: 2 },
    { batch: 8, texts: 3, temperature: 0.5 },
  ])('KL of $batch × $texts at temperature $temperature', async ({ batch, texts, temperature }) => {
    const [teacher, student] = [0, 1].map(() => tf.tidy(() => tf.mul(random([batch, texts]), 5)));
    await expectSame(
      (q) => softmaxKL(teacher, q, temperature),
      (q) => softmaxKLComposition(teacher, q, temperature),
      [student],
    );
    tf.dispose([teacher, student]);
  });

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
      const g = await gradient.data();
      adamW(parameter, gradient, moments[0], moments[1], {
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
