import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { diskFile } from '../../src/cli/disk';
import { openAdaptRun, openRun, withAbsolutePaths } from '../../src/cli/openRun';
import { promptSrcTerms, promptSrcTotal } from '../../src/distill/promptsrc/loss';
import {
  readTeacherPrompts,
  withAdaptedTexts,
  writeTeacherPrompts,
} from '../../src/distill/promptsrc/prompts';
import { createTeacher, disposeTeacher, teacherInputFeatures } from '../../src/distill/teacher';
import { openSafetensors, readSafetensors } from '../../src/files/safetensors';
import { parseAdaptRun } from '../../src/run/adaptSchema';
import { parseRun } from '../../src/run/schema';
import { Adaptation, type AdaptationInputs } from '../../src/train/adaptation';
import { type AdaptationMetrics, adaptTeacher } from '../../src/train/adaptTeacher';
import { Experiment } from '../../src/train/experiment';
import { imageNames, pixelsOf } from './fixtureModel';
import { largestEntry } from './fixtureRun';
import { eachBackend, largestDifference } from './setup';

/** Stage I and a Stage II run after it, as PyTorch has computed them on the models and images of `reference`. */
const fixture = fileURLToPath(new URL('../fixtures/promptsrc', import.meta.url));
const readJson = (file: string) => JSON.parse(fs.readFileSync(path.join(fixture, file), 'utf8'));
const readTensors = async (file: string) => readSafetensors(await diskFile(path.join(fixture, file)), file);
const quietly = () => undefined;

/** The run `adapt`; `train` overrides keys of its `train`, other changes whole keys. */
async function openAdapt({ train, ...others }: Record<string, unknown> = {}): Promise<AdaptationInputs> {
  const raw = readJson('adapt.json');
  const changed = { ...raw, ...others, train: { ...raw.train, ...Object(train) } };
  return openAdaptRun(withAbsolutePaths(parseAdaptRun(changed, 'adapt.json'), fixture), quietly);
}

async function takeSteps(adaptation: Adaptation, steps: number) {
  const figures = [];
  for (let i = 0; i < steps; i++) figures.push(await adaptation.train(await adaptation.nextBatch()));
  return figures;
}

function expectAgreement(metrics: Record<string, number>[], expected: Record<string, number>[]): void {
  expect(metrics.length).toBe(expected.length);
  for (const [step, values] of expected.entries())
    for (const [key, value] of Object.entries(values)) {
      const difference = Math.abs(metrics[step][key] - value) / Math.max(1e-2, Math.abs(value));
      expect(difference, `${key} of step ${step}`).toBeLessThan(1e-3);
    }
}

eachBackend(() => {
  it('Stage I agrees with PyTorch in losses, rates and the averaged prompts', async () => {
    const metrics: AdaptationMetrics[] = [];
    const { prompts, before, after } = await adaptTeacher(await openAdapt(), 48, {
      onStep: (step) => void metrics.push(step),
    });
    expectAgreement(
      metrics.map((step) => ({ ...step })),
      readJson('adapt.expected.json'),
    );
    expect(metrics.every(({ step, imagesPerSecond }, i) => step === i + 1 && imagesPerSecond > 0)).toBe(true);
    const { 'average.visual_prompts': visual, 'average.text_prompts': text } = await readTensors(
      'adapt.expected.safetensors',
    );
    for (const [given, wanted] of [
      [prompts.visual, visual],
      [prompts.text, text],
    ]) {
      expect(given.shape).toEqual(wanted.shape);
      expect(largestDifference(given.data, wanted.data)).toBeLessThan(2e-3 * largestEntry(wanted.data));
    }
    expect([before.images, after.images]).toEqual([48, 48]);
  });

  it('the first gradients of both towers’ prompts agree with PyTorch', async () => {
    const plainDescent = { warmupRate: 1, momentum: 0, weightDecay: 0 };
    const adaptation = await Adaptation.load(await openAdapt({ train: plainDescent }), {});
    const before = (await adaptation.snapshot()).tensors;
    await takeSteps(adaptation, 1);
    const after = (await adaptation.snapshot()).tensors;
    adaptation.dispose();
    const expected = await readTensors('adapt.expected.safetensors');
    for (const name of ['visual_prompts', 'text_prompts']) {
      const gradient = before[name].data.map((x, i) => x - after[name].data[i]);
      const wanted = expected[`grad.${name}`].data;
      const spacing = 2 ** -23 * largestEntry(before[name].data);
      expect(largestDifference(gradient, wanted), name).toBeLessThan(1e-3 * largestEntry(wanted) + spacing);
    }
  });

  it('a teacher with prompts has PyTorch’s features of texts and images', async () => {
    const { teacher: checkpoint, dataset } = await openAdapt();
    const file = await openFile('adapted-prompts.safetensors');
    const prompts = readTeacherPrompts(file, checkpoint.config);
    const { texts } = withAdaptedTexts(dataset, prompts);
    const teacher = await createTeacher(checkpoint, texts, {}, 'float32', prompts);
    const pixels = await pixelsOf(checkpoint, imageNames());
    const features = tf.tidy(() => teacherInputFeatures(teacher, { pixels: [pixels] }));
    const expected = await readTensors('adapt.expected.safetensors');
    for (const [tensor, name] of [
      [teacher.W, 'text_embeds'],
      [features, 'image_embeds'],
    ] as const)
      expect(largestDifference(await tensor.data(), expected[name].data), name).toBeLessThan(1e-3);
    disposeTeacher(teacher);
    tf.dispose([pixels, features]);
  });

  it('Stage II after Stage I agrees with PyTorch', async () => {
    const run = parseRun(readJson('adapted.json'), 'adapted.json');
    const experiment = await Experiment.load(await openRun(withAbsolutePaths(run, fixture), quietly), {});
    const metrics = [];
    while (!experiment.isFinished) metrics.push(await experiment.train(await experiment.nextBatch()));
    experiment.dispose();
    expectAgreement(metrics, readJson('adapted.expected.json'));
  });

  it('stopped within an epoch and resumed, it comes to the same prompts', async () => {
    const change = { train: { shuffle: true, augment: 'crop-flip' } };
    const whole = await Adaptation.load(await openAdapt(change), {});
    await takeSteps(whole, 5);
    const snapshot = await whole.snapshot();
    const figures = await takeSteps(whole, 7);
    expect(whole.isFinished).toBe(true);
    const expected = whole.prompts;
    whole.dispose();
    const resumed = await Adaptation.load(await openAdapt(change), {});
    resumed.restore(snapshot);
    expect(await takeSteps(resumed, 7)).toEqual(figures);
    expect(resumed.prompts).toEqual(expected);
    resumed.dispose();
  });

  it('the base classes are adapted to without the pictures and names of the new ones', async () => {
    const change = { classes: 'base', train: { batchSize: 24, epochs: 1 } };
    const adaptation = await Adaptation.load(await openAdapt(change), {});
    expect(adaptation.steps).toBe(1);
    const { images, right } = await adaptation.nextBatch();
    const { dataset } = await openAdapt();
    expect(new Set(images.flatMap((image) => dataset.images[image].texts))).toEqual(
      new Set([0, 1, 2, 3, 4, 5]),
    );
    expect(right.flat().every((text) => text < 6)).toBe(true);
    const { base, new: fresh } = await adaptation.evaluate(48);
    expect([base, fresh].every((share) => share !== undefined && share >= 0)).toBe(true);
    adaptation.dispose();
  });

  it('stops where it is told to, and lets go of everything', async () => {
    const stop = new AbortController();
    const steps: number[] = [];
    const adapted = adaptTeacher(await openAdapt(), 8, {
      signal: stop.signal,
      onStep: ({ step }) => {
        steps.push(step);
        if (step === 2) stop.abort(new Error('enough'));
      },
    });
    await expect(adapted).rejects.toThrow('enough');
    expect(steps).toEqual([1, 2]);
  });

  it('the loss is the formulas’, and nothing pulls where prompted features are the frozen ones', async () => {
    const f = unitRows([
      [1, 2, 2],
      [-2, 1, 0.5],
    ]);
    const f_0 = unitRows([
      [1, 2, 1],
      [-1, 1, 1],
    ]);
    const g = unitRows([
      [0, 1, 3],
      [2, 0, 1],
      [1, 1, 1],
      [-1, 0, 1],
    ]);
    const g_0 = unitRows([
      [0, 2, 3],
      [2, 1, 1],
      [1, 0, 1],
      [-1, 1, 2],
    ]);
    const weights = { imageWeight: 10, textWeight: 25, logitsWeight: 1 };
    const targets = tf.tensor2d([
      [0, 0, 1, 0],
      [1, 0, 0, 0],
    ]);
    const terms = (image: tf.Tensor, text: tf.Tensor) =>
      promptSrcTerms({ image, text }, { image: tf.tensor2d(f_0), text: tf.tensor2d(g_0) }, 5, targets);
    const made = tf.tidy(() => {
      const parts = terms(tf.tensor2d(f), tf.tensor2d(g));
      return tf.stack([promptSrcTotal(parts, weights), ...Object.values(parts)]);
    });
    const [total, crossEntropy, image, text, kl] = await made.data();

    const p = f.map((row) => softmax(g.map((other) => 5 * dot(row, other))));
    const p_0 = f_0.map((row) => softmax(g_0.map((other) => 5 * dot(row, other))));
    const wanted = {
      crossEntropy: -(Math.log(p[0][2]) + Math.log(p[1][0])) / 2,
      image: meanDistance(f, f_0),
      text: meanDistance(g, g_0),
      kl: mean(p_0.flatMap((row, i) => row.map((x, j) => x * Math.log(x / p[i][j])))),
    };
    expect(crossEntropy).toBeCloseTo(wanted.crossEntropy, 5);
    expect(image).toBeCloseTo(wanted.image, 6);
    expect(text).toBeCloseTo(wanted.text, 6);
    expect(kl).toBeCloseTo(wanted.kl, 6);
    const sum = wanted.crossEntropy + 10 * wanted.image + 25 * wanted.text + wanted.kl;
    expect(total).toBeCloseTo(sum, 4);

    const pulls = tf.tidy(() => {
      const regularised = (x: tf.Tensor, y: tf.Tensor) => {
        const { crossEntropy: _, ...others } = terms(x, y);
        return tf.addN(Object.values(others)) as tf.Scalar;
      };
      const both = tf.grads(regularised)([tf.tensor2d(f_0), tf.tensor2d(g_0)]);
      return tf.concat(both.map((gradient) => tf.reshape(gradient, [-1])));
    });
    expect(largestEntry(await pulls.data())).toBeLessThan(1e-6);
    tf.dispose([made, pulls, targets]);
  });

  it('the prompts’ file keeps them and their words', async () => {
    const { teacher } = await openAdapt();
    const prompts = readTeacherPrompts(await openFile('adapted-prompts.safetensors'), teacher.config);
    expect(prompts.words).toBe('one bright photo of a');
    const blob = new Blob([writeTeacherPrompts(prompts)]);
    const { metadata } = await openSafetensors(blob, 'again');
    const again = { name: 'again', metadata, tensors: await readSafetensors(blob, 'again') };
    expect(readTeacherPrompts(again, teacher.config)).toEqual(prompts);
  });
});

async function openFile(name: string) {
  const blob = await diskFile(path.join(fixture, name));
  const { metadata } = await openSafetensors(blob, name);
  return { name, metadata, tensors: await readSafetensors(blob, name) };
}

const dot = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * b[i], 0);
const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const unitRows = (rows: number[][]) => rows.map((row) => row.map((x) => x / Math.sqrt(dot(row, row))));
const meanDistance = (a: number[][], b: number[][]) =>
  mean(a.flatMap((row, i) => row.map((x, j) => Math.abs(x - b[i][j]))));

function softmax(values: number[]): number[] {
  const powers = values.map(Math.exp);
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((x) => x / sum);
}
