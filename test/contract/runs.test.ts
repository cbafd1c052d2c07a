import { unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { methods } from '../../src/distill/methods/methods';
import { readSafetensors, writeSafetensors } from '../../src/files/safetensors';
import { parseRun, runSchema } from '../../src/run/schema';
import type { EngineApi, EngineEvent } from '../../src/worker/api';
import { loadedRun, trainedStudent } from './schemas';
import { eachEngine, onDemo, onRun, refused, smallRun } from './subjects';

const isState = (state: string) => (event: EngineEvent) => event.type === 'state' && event.state === state;
const hasStep = (step: number) => (event: EngineEvent) => event.type === 'step' && event.metrics.step >= step;
const stepsOf = (events: EngineEvent[]) =>
  events.flatMap((event) => (event.type === 'step' ? event.metrics : []));

/** The run file that an export holds. */
async function exportedRun(engine: EngineApi) {
  const { file } = await engine.exportStudent();
  const files = unzipSync(new Uint8Array(await file.arrayBuffer()));
  return parseRun(JSON.parse(new TextDecoder().decode(files['run.json'])), 'run.json');
}

eachEngine((open) => {
  it('says what it runs on; before there is a run, commands do nothing and questions have no answer', async () => {
    const { engine, events } = await open();
    await Promise.all([engine.play(), engine.pause(), engine.step(), engine.reset('none')]);
    const question = { image: 0, texts: ['an owl'], withOwn: true };
    const answered = await Promise.all([
      engine.setLearningRate(0.1),
      engine.trainedStudent(),
      engine.ask(question),
      engine.attentionMaps(0),
    ]);
    expect(answered).toEqual([undefined, undefined, undefined, undefined]);
    expect(await engine.search('an owl')).toBeUndefined();
    await refused(engine.load('first', smallRun(), 'float32'), /no data to train on yet/);
    await refused(engine.exportStudent(), /no student to export yet/);
    await refused(engine.augmented(0, 1, 'none'), /not loaded yet/);
    await refused(engine.describeStudent({ from: 'teacher', layers: 1, pick: 'spread' }), /not loaded yet/);
    expect(events).toEqual([]);
    expect(await engine.memory()).toMatchObject({ tensors: expect.any(Number), bytes: expect.any(Number) });
  });

  it('loads a run: all that it tells carries the id, from the state before to ready', async () => {
    const { engine, events, heard } = await onDemo(open);
    const loaded = loadedRun.parse(await engine.load('first', smallRun(), 'float32'));
    expect(loaded).toMatchObject({
      id: 'first',
      teacher: { name: 'demo teacher', initialisation: 'checkpoint' },
      student: { initialisation: 'random' },
    });
    const progress = events.flatMap((event) => (event.type === 'progress' ? event : []));
    const last = new Map(progress.map((event) => [event.label, event]));
    expect(last.size).toBeGreaterThan(0);
    for (const { run, done, total } of last.values()) expect([run, done]).toEqual(['first', total]);
    expect(heard()).toEqual(['first: loading', 'first: evaluation 0', 'first: ready']);
    await engine.load('second', smallRun(), 'float32');
    expect(heard()).toEqual(['first: idle', 'second: loading', 'second: evaluation 0', 'second: ready']);
  });

  it('trains to the end, a step after the other, evaluates after the last, and is finished', async () => {
    const { engine, heard, until } = await onRun(open);
    await engine.play();
    await until(isState('finished'));
    await engine.play();
    await engine.step();
    await engine.pause();
    const words = heard();
    const steps = Array.from({ length: 12 }, (_, i) => `first: step ${i + 1}`);
    const isBetween = (word: string) => /evaluation \d+$/.test(word) && word !== 'first: evaluation 12';
    expect(words.filter((word) => !isBetween(word))).toEqual([
      'first: running',
      ...steps,
      'first: evaluation 12',
      'first: finished',
    ]);
  });

  it('keeps moments of a run, shows the student as it was then, and trains on from how it is', async () => {
    const { engine, heard, until } = await onRun(open, smallRun({ train: { steps: 500 } }));
    const hasMoments =
      (...steps: number[]) =>
      (event: EngineEvent) =>
        event.type === 'moments' &&
        event.run === 'first' &&
        steps.every((step) => event.steps.includes(step));
    await engine.step();
    await until(hasMoments(1));
    for (let i = 0; i < 2; i++) await engine.step();
    await until(hasMoments(1, 3));
    const weights = async (step?: number) =>
      readSafetensors((await engine.trainedStudent(step))?.tensors ?? new Blob(), 'it');
    const present = await weights();
    heard();
    await engine.look(1);
    expect(heard()).toEqual(['first: evaluation 1']);
    expect(await engine.trainedStudent()).toMatchObject({ run: 'first', step: 3 });
    expect(await engine.trainedStudent(1)).toMatchObject({ run: 'first', step: 1 });
    expect(await weights()).toEqual(present);
    expect(await weights(1)).not.toEqual(present);
    await engine.look();
    await engine.look();
    expect(heard()).toEqual(['first: evaluation 3']);
    await engine.look(1);
    await engine.step();
    const after = heard();
    expect(after).toEqual(['first: evaluation 1', 'first: running', 'first: step 4', 'first: paused']);
    await refused(engine.look(99), /after step 99 is no longer kept/);
    await refused(engine.trainedStudent(99), /after step 99 is no longer kept/);
    await engine.reset('second');
    await refused(engine.look(1), /after step 1 is no longer kept/);
  });

  it('pauses, steps and is reset under another id, by commands in any order', async () => {
    const { engine, heard, until } = await onRun(open, smallRun({ train: { steps: 500 } }));
    await engine.step();
    expect(heard()).toEqual(['first: running', 'first: step 1', 'first: paused']);
    await engine.play();
    await until(hasStep(3));
    await engine.pause();
    const words = heard();
    expect([words.at(0), words.at(-1)]).toEqual(['first: running', 'first: paused']);
    await Promise.all([engine.play(), engine.pause(), engine.play(), engine.reset('second')]);
    const after = heard();
    expect(after.slice(after.indexOf('second: loading'))).toEqual([
      'second: loading',
      'second: evaluation 0',
      'second: ready',
    ]);
    expect(after.slice(0, after.indexOf('second: loading')).every((word) => word.startsWith('first:'))).toBe(
      true,
    );
    await engine.step();
    expect(heard()).toEqual(['second: running', 'second: step 1', 'second: paused']);
  });

  it('cuts an earlier load off, and a run that trains; of neither anything is heard after', async () => {
    const { engine, events, until } = await onRun(open, smallRun({ train: { steps: 500 } }));
    await engine.play();
    await until(hasStep(2));
    const [cut, loaded] = await Promise.allSettled([
      engine.load('second', smallRun(), 'float32'),
      engine.load('third', smallRun(), 'float32'),
    ]);
    expect([cut.status, loaded.status]).toEqual(['rejected', 'fulfilled']);
    const ids = events.flatMap(({ run }) => run ?? []);
    expect(ids.slice(ids.indexOf('third')).every((id) => id === 'third')).toBe(true);
    expect(ids.lastIndexOf('first')).toBeLessThan(
      ids.includes('second') ? ids.indexOf('second') : ids.indexOf('third'),
    );
    expect(stepsOf(events).map(({ step }) => step)).toEqual(stepsOf(events).map((_, i) => i + 1));
  });

  it('tells the figures of the method, and refuses what can’t be trained', async () => {
    const { engine, events } = await onDemo(open);
    for (const [method, { terms, hasNoTeacher }] of Object.entries(methods)) {
      if (hasNoTeacher) {
        const run = runSchema.parse({ ...smallRun(), method });
        await refused(engine.load(method, run, 'float32'), /trains a CLIP of its own/);
        continue;
      }
      events.splice(0);
      await engine.load(method, smallRun({ method }), 'float32');
      await engine.step();
      const { align, ...figures } = stepsOf(events)[0];
      const common = ['step', 'total', 'learningRate', 'imagesPerSecond'];
      expect(Object.keys(figures).sort(), method).toEqual([...common, ...Object.keys(terms)].sort());
      expect(align === undefined, method).toBe(!('mean' in terms));
    }
    await refused(engine.load('large', smallRun({ train: { batchSize: 999 } }), 'float32'), /batchSize/);
    const off = { ...smallRun(), loss: { ...smallRun().loss, ifAlign: false, refine: false } };
    await refused(engine.load('off', off, 'float32'), /nothing to learn from/);
    await refused(
      engine.load('other', smallRun({ teacher: 'nowhere' }), 'float32'),
      /“nowhere” is not on this page/,
    );
  });

  it('takes a learning rate live, notes it in the run file, and forgets it with the run', async () => {
    const { engine, events } = await onRun(open);
    await engine.step();
    await engine.setLearningRate(0.5);
    const log = [{ step: 1, learningRate: 0.004 }];
    expect(await engine.setLearningRate(0.004)).toEqual({ run: 'first', log });
    await engine.step();
    expect(stepsOf(events).map(({ learningRate }) => learningRate)).toEqual([0.002, 0.004]);
    expect((await exportedRun(engine)).train.log).toEqual(log);
    await engine.reset('second');
    await engine.step();
    expect(stepsOf(events).at(-1)?.learningRate).toBe(0.002);
    expect((await exportedRun(engine)).train.log).toBeUndefined();
  });

  it('goes on with a trained student, and refuses one of another run', async () => {
    const { engine, heard } = await onRun(open);
    for (let i = 0; i < 3; i++) await engine.step();
    const student = trainedStudent.parse(await engine.trainedStudent());
    expect(student).toMatchObject({ run: 'first', step: 3 });
    expect(Object.keys(await readSafetensors(student.tensors, 'student')).length).toBeGreaterThan(0);
    await engine.load('second', smallRun(), 'float32', student);
    await engine.step();
    const words = heard();
    expect(words.slice(words.indexOf('second: loading'))).toEqual([
      'second: loading',
      'second: evaluation 3',
      'second: ready',
      'second: running',
      'second: step 4',
      'second: paused',
    ]);
    const other = new Blob([writeSafetensors({ other: { shape: [1], data: Float32Array.of(1) } })]);
    await refused(
      engine.load('third', smallRun(), 'float32', { ...student, tensors: other }),
      /is not of this run/,
    );
    expect(heard().at(-1)).toBe('third: failed');
    await engine.load('fourth', smallRun(), 'float32');
    expect(heard().at(-1)).toBe('fourth: ready');
  });

  it('hands the student over as a zip, with the run as it was carried out', async () => {
    const { engine } = await onRun(open, smallRun({ train: { steps: undefined, epochs: 2 } }));
    const { file, precisions } = await engine.exportStudent();
    expect(precisions.map(({ precision }) => precision)).toEqual(['float32', 'float16', 'int8']);
    const files = Object.keys(unzipSync(new Uint8Array(await file.arrayBuffer())));
    expect(files).toEqual(
      expect.arrayContaining([
        'student/config.json',
        'student/model.safetensors',
        'heads.safetensors',
        'run.json',
        'README.md',
      ]),
    );
    const { train, method } = await exportedRun(engine);
    expect(method).toBe('comkd');
    expect(train.epochs).toBeUndefined();
    expect(train.steps).toBeGreaterThan(0);
  });
});
