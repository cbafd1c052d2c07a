import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { openPretraining, withAbsolutePaths } from '../../src/cli/openRun';
import { loadCheckpoint, saveCheckpoint } from '../../src/clip/checkpoint';
import { embedTexts } from '../../src/distill/teacher';
import { blobFolder } from '../../src/files/blobs';
import { readAll } from '../../src/files/tensors';
import { gatherRows } from '../../src/ops/gatherRows';
import { parseRun } from '../../src/run/schema';
import { Pretraining } from '../../src/train/pretraining';
import { eachBackend, largestDifference } from './setup';

const fixture = fileURLToPath(new URL('../fixtures/reference', import.meta.url));

const TOKENS = 'text_model.embeddings.token_embedding.weight';

function open(train: object, more: object = {}) {
  const settings = {
    batchSize: 8,
    steps: 12,
    learningRate: 1e-3,
    augment: 'none',
    schedule: 'constant',
    ...train,
  };
  const run = parseRun(
    { student: 'student', data: 'data', method: 'contrastive', train: settings, ...more },
    'run',
  );
  return openPretraining(withAbsolutePaths(run, fixture), () => undefined);
}

async function trainOn(pretraining: Pretraining, steps: number) {
  const figures = [];
  for (let i = 0; i < steps; i++) figures.push(await pretraining.train(await pretraining.nextBatch()));
  return figures;
}

eachBackend(() => {
  it('rows that come several times gather their gradients', async () => {
    const matrix = tf.tidy(() => tf.variable(tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2])));
    const indices = tf.tensor1d([2, 0, 2], 'int32');
    const { rows, gradient } = tf.tidy(() => {
      const { grads } = tf.variableGrads(() => {
        const weights = tf.tensor2d([1, 1, 10, 10, 100, 100], [3, 2]);
        return tf.sum(tf.mul(gatherRows(matrix, indices), weights)) as tf.Scalar;
      });
      return { rows: gatherRows(matrix, indices), gradient: grads[matrix.name] };
    });
    expect([...(await rows.data())]).toEqual([5, 6, 1, 2, 5, 6]);
    expect([...(await gradient.data())]).toEqual([10, 10, 0, 0, 101, 101]);
    tf.dispose([matrix, indices, rows, gradient]);
  });

  it('draws images and their own texts together, and leaves no tensor behind', async () => {
    const pretraining = await Pretraining.load(await open({}), {});
    await trainOn(pretraining, 2);
    const live = tf.memory().numTensors;
    const figures = await trainOn(pretraining, 10);
    expect(tf.memory().numTensors).toBe(live);
    expect(pretraining.isFinished).toBe(true);
    expect(Object.keys(figures[0])).toEqual([
      'step',
      'total',
      'imageToText',
      'textToImage',
      'logitScale',
      'learningRate',
    ]);
    expect(figures[9].total).toBeLessThan(figures[0].total);
    const { accuracy } = await pretraining.report(20);
    expect(accuracy).toMatchObject({ step: 12, images: 20, heldOut: false });
    pretraining.dispose();
  });

  it('its model is a whole CLIP, whose other tokens are as they were, and reads as it did', async () => {
    const inputs = await open({ steps: 2 });
    const pretraining = await Pretraining.load(inputs, {});
    await trainOn(pretraining, 2);
    const made = await pretraining.exportModel();
    pretraining.dispose();
    const files = [...(await saveCheckpoint(made))].map(
      ([name, bytes]) => [name, new Blob([bytes])] as const,
    );
    const reloaded = await loadCheckpoint(blobFolder('made', new Map(files)));
    const [before, after] = [await readAll(inputs.student.tensors), await readAll(reloaded.tensors)];
    expect(Object.keys(after).sort()).toEqual(Object.keys(before).sort());
    for (const name of ['text_projection.weight', 'visual_projection.weight', 'logit_scale'])
      expect(after[name].data, name).not.toEqual(before[name].data);
    const width = before[TOKENS].shape[1];
    const changed = new Set<number>();
    for (const [i, x] of after[TOKENS].data.entries())
      if (x !== before[TOKENS].data[i]) changed.add(Math.floor(i / width));
    expect(changed.size).toBeGreaterThan(5);
    expect(changed.size).toBeLessThan(before[TOKENS].shape[0] / 2);
    const texts = await embedTexts(reloaded, ['a photo of a red circle'], {});
    expect((await texts.data()).every(Number.isFinite)).toBe(true);
    texts.dispose();
  });

  it('goes on from a snapshot as if it had never stopped, and begins anew after a reset', async () => {
    const whole = await Pretraining.load(await open({ shuffle: true }), {});
    const first = await trainOn(whole, 2);
    const snapshot = await whole.snapshot();
    const rest = await trainOn(whole, 2);
    await whole.reset();
    expect(await trainOn(whole, 2)).toEqual(first);
    whole.dispose();
    const resumed = await Pretraining.load(await open({ shuffle: true }), {});
    await resumed.restore(snapshot);
    expect(await trainOn(resumed, 2)).toEqual(rest);
    resumed.dispose();
  });

  it('computes layers again to save memory without another figure', async () => {
    const [kept, again] = [
      await Pretraining.load(await open({}), {}),
      await Pretraining.load(await open({}), {}),
    ];
    Object.assign(again, { trainer: Object.assign(Reflect.get(again, 'trainer'), { recompute: true }) });
    const totals = async (one: Pretraining) => (await trainOn(one, 3)).map(({ total }) => total);
    expect(largestDifference(await totals(again), await totals(kept))).toBeLessThan(1e-3);
    for (const one of [kept, again]) one.dispose();
  });

  it('holds the logit scale within 0 and ln 100', async () => {
    const pretraining = await Pretraining.load(await open({ learningRate: 1, optimizer: 'sgd' }), {});
    const scales = (await trainOn(pretraining, 6)).map(({ logitScale }) => logitScale);
    pretraining.dispose();
    expect(Math.min(...scales)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...scales)).toBeLessThanOrEqual(Math.log(100) + 1e-6);
  });
});

it('says what a model without text tower or tokenizer needs', async () => {
  const config = JSON.parse(fs.readFileSync(path.join(fixture, 'student/config.json'), 'utf8'));
  const { text_config, ...image } = config;
  const without = await open({}, { student: { config: image } });
  await expect(Pretraining.load(without, {})).rejects.toThrow(
    /has no text tower, and "contrastive" trains both/,
  );
  const other = await open({}, { student: { config: { ...image, text_config } } });
  await expect(Pretraining.load(other, {})).rejects.toThrow(/vocab_size is \d+, and must be that/);
});
