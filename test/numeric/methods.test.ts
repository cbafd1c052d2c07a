import fs from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { lossSchema, methodSchema, methods } from '../../src/distill/methods/methods';
import { operations } from '../../src/distill/operations';
import { Experiment } from '../../src/train/experiment';
import { exportedTensors } from './exportedTensors';
import { openFixtureRun } from './fixtureRun';
import { eachBackend, largestDifference } from './setup';

const numbers = z.record(z.string(), z.number());
const cases = z
  .array(
    z.object({
      method: methodSchema,
      captions: z.boolean(),
      figures: numbers,
      gradients: z.record(z.string(), z.array(z.number())),
    }),
  )
  .parse(JSON.parse(fs.readFileSync(new URL('../fixtures/methods.json', import.meta.url), 'utf8')));

/** As in methods.py: [rows, 5], rows of length 1. */
const sines = (rows: number, phase: number): tf.Tensor2D =>
  tf.tidy(() => {
    const x = tf.tensor2d(
      Float32Array.from({ length: rows * 5 }, (_, i) => Math.sin(i * 1.7 + phase)),
      [rows, 5],
    );
    return tf.div(x, tf.norm(x, 2, 1, true));
  });

const CLASSES = [0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0];
const CAPTIONS = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** All figures of a method, and the gradients of its weighted sum. */
async function lossOf({ method, captions }: (typeof cases)[number]) {
  const options = lossSchema.parse({});
  const { loss, weights } = methods[method];
  const tensors = tf.tidy(() => {
    const variables: Record<string, tf.Variable> = {
      u_s: tf.variable(sines(3, 0.3)),
      logit_scale: tf.variable(tf.scalar(2.9)),
      'clipkd.icl_scale': tf.variable(tf.scalar(2.6)),
      'cliprd.image_scale': tf.variable(tf.scalar(2.8)),
      'cliprd.text_scale': tf.variable(tf.scalar(2.4)),
    };
    const { u_s, ...scalars } = variables;
    const texts = captions ? 3 : 4;
    const inputs = {
      u_s,
      u_t: sines(3, 1.1),
      W: sines(texts, 2.2),
      s: 20,
      weights: scalars,
      right: tf.tensor2d(captions ? CAPTIONS : CLASSES, [3, texts]),
      areCaptions: captions,
      options,
    };
    let figures: Record<string, tf.Tensor> = {};
    const { grads } = tf.variableGrads(() => {
      figures = loss(inputs, operations);
      for (const figure of Object.values(figures)) tf.keep(figure);
      const sum = Object.entries(weights(options)).map(([name, weight]) => tf.mul(figures[name], weight));
      return tf.addN(sum) as tf.Scalar;
    });
    const named = Object.entries(variables).map(([name, { name: id }]) => [name, grads[id]] as const);
    return { figures, gradients: Object.fromEntries(named), variables };
  });
  const read = async (some: Record<string, tf.Tensor>) => {
    const entries = Object.entries(some).filter(([, tensor]) => tensor);
    return Object.fromEntries(
      await Promise.all(entries.map(async ([name, tensor]) => [name, [...(await tensor.data())]] as const)),
    );
  };
  const found = { figures: await read(tensors.figures), gradients: await read(tensors.gradients) };
  tf.dispose(tensors);
  return found;
}

eachBackend(() => {
  it.each(cases)(
    'the loss of $method and its gradients agree with PyTorch (captions: $captions)',
    async (expected) => {
      const { figures, gradients } = await lossOf(expected);
      for (const [name, value] of Object.entries(expected.figures))
        expect(Math.abs(figures[name][0] - value) / value, name).toBeLessThan(1e-4);
      for (const [name, values] of Object.entries(expected.gradients)) {
        const largest = Math.max(...values.map(Math.abs));
        expect(largestDifference(gradients[name], values) / largest, name).toBeLessThan(1e-4);
      }
    },
  );

  it.each(['none', 'clipkd', 'cliprd', 'tinyclip'])(
    '%s runs on a part of the labels, and on none of a batch',
    async (method) => {
      const inputs = await openFixtureRun('heads-adamw', { method });
      const images = inputs.dataset.images.map((image, i) => (i < 12 ? { ...image, texts: [] } : image));
      const experiment = await Experiment.load({ ...inputs, dataset: { ...inputs.dataset, images } }, {});
      for (let step = 0; step < 3; step++) {
        const { total } = await experiment.train(await experiment.nextBatch());
        expect(total, `after step ${step}`).toSatisfy(Number.isFinite);
      }
      experiment.dispose();
    },
  );

  it('CLIP-KD learns its scales, holds the logit scale below ln 100, and takes both along', async () => {
    const change = { method: 'clipkd', train: { learningRate: 1, schedule: 'constant' } };
    const inputs = await openFixtureRun('heads-adamw', change);
    const experiment = await Experiment.load(inputs, {});
    const scales: number[] = [];
    for (let step = 0; step < 6; step++)
      scales.push((await experiment.train(await experiment.nextBatch())).logitScale);
    const { tower, heads } = await exportedTensors(experiment);
    experiment.dispose();
    expect(Math.min(...scales)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...scales)).toBeLessThanOrEqual(Math.log(100) + 1e-6);
    expect(new Set(scales).size).toBeGreaterThan(2);
    expect(heads['clipkd.icl_scale'].shape).toEqual([]);
    expect(tower['logit_scale'].data[0]).not.toBe(scales[0]);
    expect(heads['logit_scale']).toBeUndefined();
  });

  it('CLIP-KD starts a student without a logit scale at ln(1/0.07), or at that of its heads', async () => {
    const config = {
      projection_dim: 16,
      vision_config: {
        hidden_size: 32,
        intermediate_size: 64,
        num_hidden_layers: 1,
        num_attention_heads: 2,
        image_size: 32,
        patch_size: 16,
      },
    };
    const inputs = await openFixtureRun('heads-adamw', {
      method: 'clipkd',
      student: { config },
      heads: undefined,
    });
    const first = await Experiment.load(inputs, {});
    const { logitScale } = await first.train(await first.nextBatch());
    const { heads } = await exportedTensors(first);
    first.dispose();
    expect(logitScale).toBeCloseTo(Math.log(1 / 0.07), 5);
    expect(heads['logit_scale'].data[0]).not.toBe(logitScale);
    const again = await Experiment.load({ ...inputs, heads: { name: 'heads', tensors: heads } }, {});
    expect((await again.train(await again.nextBatch())).logitScale).toBeCloseTo(
      heads['logit_scale'].data[0],
      6,
    );
    again.dispose();
  });
});
