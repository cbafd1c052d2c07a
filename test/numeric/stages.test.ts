import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { diskFolder } from '../../src/cli/disk';
import { imageStore, openData } from '../../src/cli/openRun';
import { loadCheckpoint } from '../../src/clip/checkpoint';
import type { DataOptions } from '../../src/data/options';
import { parseRun } from '../../src/run/schema';
import type { StageEvent } from '../../src/worker/api';
import { droppedCheckpoint } from '../../src/worker/droppedCheckpoint';
import { OpenedModels } from '../../src/worker/openedModels';
import { Stages } from '../../src/worker/stages';
import { eachBackend } from './setup';

const fixture = fileURLToPath(new URL('../fixtures/reference', import.meta.url));

/** The engine's stages on the fixture's data, whose teacher stands for the demo's. */
async function openStages(options: DataOptions = {}) {
  const dataset = await openData(
    path.join(fixture, 'data'),
    { testShare: 0.25, ...options },
    () => undefined,
  );
  const models = new OpenedModels(await diskFolder(fixture), () => undefined);
  return { stages: new Stages(), parts: { dataset, images: imageStore(dataset), models, device: 'here' } };
}

const run = parseRun(
  {
    method: 'contrastive',
    student: 'demo',
    data: 'data',
    dataOptions: { testShare: 0.25 },
    train: { batchSize: 8, steps: 6, learningRate: 1e-3, augment: 'none' },
  },
  'run',
);

eachBackend(() => {
  it('a teacher is made of the one in use, asked before and after, and can be opened as one', async () => {
    const { stages, parts } = await openStages();
    const live = tf.memory().numTensors;
    const events: StageEvent[] = [];
    const { file: zip, after } = await stages.makeTeacher(run, parts, (event) => events.push(event));
    expect(tf.memory().numTensors).toBe(live);
    const before = events.findIndex(({ type }) => type === 'before');
    const steps = events.flatMap((event) => (event.type === 'step' ? [event.metrics.step] : []));
    expect(events[before]).toMatchObject({ result: { images: 12, heldOut: true } });
    expect(before).toBeLessThan(events.findIndex(({ type }) => type === 'step'));
    expect(steps).toEqual([1, 2, 3, 4, 5, 6]);
    expect(after).toMatchObject({ images: 12, heldOut: true, top1: expect.any(Number) });

    const file = new File([zip], 'my teacher.zip');
    const source = await droppedCheckpoint([{ path: file.name, file }], AbortSignal.timeout(60_000));
    const made = await loadCheckpoint(source);
    expect(made.name).toBe('my teacher');
    expect(made.config).toEqual((await parts.models.teacherOf({ teacher: 'demo' })).config);
    const files = unzipSync(new Uint8Array(await zip.arrayBuffer()));
    const text = (name: string) => new TextDecoder().decode(files[name]);
    expect(parseRun(JSON.parse(text('run.json')), 'run.json')).toEqual(run);
    expect(text('README.md')).toContain('on 12 held-out images');
  });

  it('a teacher is adapted, and a run takes its prompts by their name', async () => {
    const columns = { image: 'file_name', text: 'text', kind: 'classes' } as const;
    const { stages, parts } = await openStages({ columns });
    const live = tf.memory().numTensors;
    const totals: number[] = [];
    const settings = { train: { batchSize: 12, epochs: 2, learningRate: 0.01 }, average: { mean: 2 } };
    const { file, after } = await stages.adaptTeacher(settings, parts, (event) => {
      if (event.type === 'step') totals.push(event.metrics.total);
    });
    expect(tf.memory().numTensors).toBe(live);
    expect(totals.length).toBe(6);
    expect(after).toMatchObject({ images: 12, heldOut: true });
    const teacher = await parts.models.teacherOf({ teacher: 'demo' });
    const adapted = parseRun({ teacherPrompts: 'mine.safetensors' }, 'run');
    expect(() => parts.models.tensorsOf(adapted, teacher)).toThrow('“mine.safetensors” (teacherPrompts)');
    await parts.models.openTensors({ path: 'mine.safetensors', file: new File([file], 'mine') });
    const { teacherPrompts } = parts.models.tensorsOf(adapted, teacher);
    expect(teacherPrompts?.words).toBe('a photo of a');
    expect(teacherPrompts?.visual.data.every(Number.isFinite)).toBe(true);
  });

  it('cancelled, it says so and lets go of everything', async () => {
    const { stages, parts } = await openStages();
    const live = tf.memory().numTensors;
    const making = stages.makeTeacher(run, parts, ({ type }) => {
      if (type === 'step') stages.cancel();
    });
    await expect(making).rejects.toThrow('It was cancelled; the teacher is as it was.');
    expect(tf.memory().numTensors).toBe(live);
  });
});
