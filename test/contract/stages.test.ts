import { unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { readSafetensors } from '../../src/files/safetensors';
import { parseRun } from '../../src/run/schema';
import type { EngineApi, StageEvent, TaughtTeacher } from '../../src/worker/api';
import { stageEvent, teacherResult } from './schemas';
import { eachEngine, onDemo, onRun, refused, smallRun } from './subjects';

type Listener = (event: StageEvent) => void;

const STEPS = 4;
const contrastive = (steps = STEPS) =>
  parseRun({ method: 'contrastive', student: 'demo', train: { steps, batchSize: 4 } }, 'The run');
/** Of what data there is: 4 concepts in 24 pictures each or fewer. */
const adaptation = { train: { epochs: 1, batchSize: 16 } };

/** Both stages, and the figures of their steps. */
const stages: [
  name: string,
  carryOut: (engine: EngineApi, listener: Listener) => Promise<TaughtTeacher>,
  terms: string[],
][] = [
  [
    'makeTeacher',
    (engine, listener) => engine.makeTeacher(contrastive(), listener),
    ['imageToText', 'textToImage', 'logitScale'],
  ],
  [
    'adaptTeacher',
    (engine, listener) => engine.adaptTeacher(adaptation, listener),
    ['crossEntropy', 'image', 'text', 'kl'],
  ],
];

const bytesOf = async (file: Blob) => new Uint8Array(await file.arrayBuffer());

eachEngine((open) => {
  it.each(stages)(
    '%s tells how the teacher does, each step with its terms, and how far it is',
    async (...given) => {
      const [, carryOut, terms] = given;
      const { engine, heard } = await onRun(open);
      const told: StageEvent[] = [];
      const { file, after } = await carryOut(engine, (event) => told.push(stageEvent.parse(event)));
      expect(file.size).toBeGreaterThan(0);
      const kinds = told.map(({ type }) => type).filter((type) => type === 'before' || type === 'step');
      expect([kinds.indexOf('before'), kinds.lastIndexOf('before')]).toEqual([0, 0]);
      const before = told.flatMap((event) => (event.type === 'before' ? event.result : []))[0];
      const { images, heldOut } = teacherResult.parse(after);
      expect({ images, heldOut }).toEqual({ images: before.images, heldOut: before.heldOut });
      const steps = told.flatMap((event) => (event.type === 'step' ? event.metrics : []));
      expect(steps.map(({ step }) => step)).toEqual(steps.map((_, i) => i + 1));
      for (const metrics of steps) {
        const { step, total, learningRate, imagesPerSecond, ...figures } = metrics;
        expect([step, total, learningRate, imagesPerSecond].every(Number.isFinite)).toBe(true);
        expect(Object.keys(figures).sort()).toEqual([...terms].sort());
      }
      const last = new Map(
        told.flatMap((event) => (event.type === 'progress' ? [[event.label, event]] : [])),
      );
      expect([...last.values()].filter(({ unit }) => unit === 'steps')).toMatchObject([
        { done: steps.length, total: steps.length },
      ]);
      // The loaded run stays as it is.
      expect(heard()).toEqual([]);
      await engine.step();
      expect(heard()).toEqual(expect.arrayContaining(['first: running', 'first: step 1', 'first: paused']));
    },
  );

  it.each(stages)('%s is refused without data, cancelled, and cut off by the next', async (_, carryOut) => {
    const { engine } = await open();
    await refused(
      carryOut(engine, () => undefined),
      /no data to train on yet/,
    );
    const { defaultConcepts } = await engine.demoGroups();
    await engine.openDemo(defaultConcepts.slice(0, 4));
    const cancelled = carryOut(engine, ({ type }) => type === 'before' && engine.cancelStage());
    await refused(cancelled, /was cancelled/);
    let next: Promise<TaughtTeacher> | undefined;
    const cut = carryOut(engine, ({ type }) => {
      if (type === 'before') next = carryOut(engine, () => undefined);
    });
    await refused(cut, /was cancelled/);
    expect((await next)?.file.size).toBeGreaterThan(0);
  });

  it('makes a teacher whose file opens as one, and prompts that a run may name', async () => {
    const { engine } = await onDemo(open);
    const made = await engine.makeTeacher(contrastive(), () => undefined);
    const files = unzipSync(await bytesOf(made.file));
    for (const name of ['README.md', 'config.json', 'model.safetensors']) expect(files[name]).toBeDefined();
    const run = parseRun(JSON.parse(new TextDecoder().decode(files['run.json'])), 'run.json');
    expect(run).toMatchObject({ method: 'contrastive', train: { steps: STEPS } });
    const path = 'made.zip';
    const { name } = await engine.openModel('teacher', [{ path, file: new File([made.file], path) }]);
    expect(await engine.load('of it', smallRun({ teacher: name }), 'float32')).toMatchObject({
      teacher: { name, initialisation: 'checkpoint' },
    });

    const { file } = await engine.adaptTeacher(adaptation, () => undefined);
    const tensors = await readSafetensors(file, 'The prompts');
    expect(Object.keys(tensors).length).toBeGreaterThan(0);
    await engine.openTensors({ path: 'prompts.safetensors', file: new File([file], 'prompts.safetensors') });
    const adapted = { ...smallRun(), teacherPrompts: 'prompts.safetensors' };
    expect(await engine.load('adapted', adapted, 'float32')).toMatchObject({ id: 'adapted' });
  });
});
