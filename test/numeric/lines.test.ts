import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HARDWARE_LANES, lanes } from '../../src/device/webgpu/lanes';
import { absoluteDistance, absoluteDistanceComposition } from '../../src/ops/absoluteDistance';
import { batchNormRelu, batchNormReluComposition } from '../../src/ops/batchNorm';
import { batchStatistics, batchStatisticsComposition } from '../../src/ops/batchStatistics';
import { blend, blendComposition } from '../../src/ops/blend';
import { embedTokens, embedTokensComposition } from '../../src/ops/embedTokens';
import { l2Normalize, l2NormalizeComposition } from '../../src/ops/l2Normalize';
import { layerNorm, layerNormAround, layerNormComposition } from '../../src/ops/layerNorm';
import { patches, patchesComposition } from '../../src/ops/patches';
import { product, productComposition } from '../../src/ops/product';
import { stackScalars, weightedSum, weightedSumComposition } from '../../src/ops/scalars';
import { scaledSoftmax, scaledSoftmaxComposition } from '../../src/ops/scaledSoftmax';
import { softmaxKL, softmaxKLComposition } from '../../src/ops/softmaxKL';
import { someTokens, someTokensComposition } from '../../src/ops/someTokens';
import { expectSame, random } from './compare';
import { eachBackend } from './setup';

/** Ops whose kernels work row by row or column by column, as software adapters and as graphics processors run them. */
function lineTests(): void {
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
    await expectSame(batchNormRelu, batchNormReluComposition, inputs, 2e-3);
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

  it('a norm with a residual connection around it', async () => {
    const inputs = [random([3, 5, 20]), random([20]), random([20])];
    await expectSame(
      (x, w, b) => {
        const { normed, around } = layerNormAround(x, w, b, 1e-5);
        return tf.add(tf.mul(normed, 2), tf.square(around));
      },
      (x, w, b) => tf.add(tf.mul(layerNormComposition(x, w, b, 1e-5), 2), tf.square(x)),
      inputs,
    );
    tf.dispose(inputs);
  });

  it.each(['mean', 'sum'] as const)('absolute distance, %s', async (reduction) => {
    const [a, b] = [random([70]), random([70])];
    await expectSame(
      (x) => absoluteDistance(x, b, reduction),
      (x) => absoluteDistanceComposition(x, b, reduction),
      [a],
    );
    tf.dispose([a, b]);
  });

  it.each([[[3, 5]], [[17, 130]]])('scaled softmax of %j', async (shape) => {
    const x = random(shape);
    await expectSame(
      (t) => scaledSoftmax(t, 0.3),
      (t) => scaledSoftmaxComposition(t, 0.3),
      [x],
    );
    x.dispose();
  });

  it.each([
    { batch: 1, size: 4, patchSize: 4, width: 3, hasBias: false },
    { batch: 5, size: 14, patchSize: 4, width: 12, hasBias: true },
    { batch: 3, size: 16, patchSize: 8, width: 16, hasBias: false },
    { batch: 2, size: 32, patchSize: 4, width: 64, hasBias: true },
  ])(
    'tokens of $batch images of $size px in patches of $patchSize, $width wide, bias $hasBias',
    async ({ batch, size, patchSize, width, hasBias }) => {
      const pixels = random([batch, 3, size, size]);
      const shapes = [
        [width, 3, patchSize, patchSize],
        [width],
        [1 + Math.floor(size / patchSize) ** 2, width],
      ];
      const inputs = [...shapes, ...(hasBias ? [[width]] : [])].map(random);
      const op =
        (f: typeof embedTokens) =>
        (...[weight, classEmbedding, positions, bias]: tf.Tensor[]) =>
          f(pixels, { weight, classEmbedding, positions, bias });
      await expectSame(op(embedTokens), op(embedTokensComposition), inputs);
      tf.dispose([pixels, inputs]);
    },
  );

  it.each([
    [0, 1],
    [1, 4],
    [2, 2],
  ])('tokens of others, %i and so many more: %i', async (first, count) => {
    const x = random([3, 5, 12]);
    await expectSame(
      (t) => someTokens(t, first, count),
      (t) => someTokensComposition(t, first, count),
      [x],
    );
    x.dispose();
  });

  it.each([
    [1, 3],
    [5, 17],
    [16, 64],
  ])('a blend of %i rows of %i', async (rows, width) => {
    const inputs = [random([rows, width]), random([rows, width]), random([])];
    await expectSame(blend, blendComposition, inputs);
    tf.dispose(inputs);
  });

  it.each([
    { batch: 1, size: 8, patchSize: 4 },
    { batch: 3, size: 15, patchSize: 4 },
  ])('patches of $patchSize of $batch images of $size px', async ({ batch, size, patchSize }) => {
    const pixels = random([batch, 3, size, size]);
    const found = [patches(pixels, patchSize), patchesComposition(pixels, patchSize)];
    expect(found[0].shape).toEqual(found[1].shape);
    expect(await found[0].data()).toEqual(await found[1].data());
    tf.dispose([pixels, found]);
  });

  it.each([
    [1, 4, 8],
    [16, 22, 64],
    [3, 5, 7],
  ])('a product of %i × %i and %i columns', async (rows, inner, columns) => {
    const inputs = [random([rows, inner]), random([inner, columns])];
    await expectSame(product, productComposition, inputs);
    tf.dispose(inputs);
  });

  it('a weighted sum of scalars', async () => {
    const scalars = [random([]), random([]), random([])];
    await expectSame(
      (...all) => weightedSum(all, [1, 0.5, -2]),
      (...all) => weightedSumComposition(all, [1, 0.5, -2]),
      scalars,
    );
    const stacked = [stackScalars(scalars), tf.stack(scalars)];
    expect(await stacked[0].data()).toEqual(await stacked[1].data());
    tf.dispose([scalars, stacked]);
  });

  it('a divergence of cosines', async () => {
    const logits = [random([6, 9]), random([6, 9])];
    await expectSame(
      (student) => softmaxKL(logits[0], student, 2, 7),
      (student) => softmaxKLComposition(logits[0], student, 2, 7),
      logits.slice(1),
    );
    tf.dispose(logits);
  });
}

eachBackend((backend) => {
  const counts = backend === 'webgpu' ? [1, HARDWARE_LANES] : [1];
  describe.each(counts)('with %i threads a line', (count) => {
    const usual = lanes.count;
    beforeAll(() => {
      lanes.count = count;
    });
    afterAll(() => {
      lanes.count = usual;
    });
    lineTests();
  });
});
