import { zipSync } from 'fflate';
import { methods } from '../../src/distill/methods/methods';
import { InputError } from '../../src/files/folder';
import { readSafetensors, writeSafetensors } from '../../src/files/safetensors';
import { type SettledRun, settleRun } from '../../src/run/settle';
import { Commands } from '../../src/train/commands';
import type { RunEvent, SessionState } from '../../src/train/events';
import type { DataSummary, EngineApi, EngineEvent } from '../../src/worker/api';
import { fakeAsk } from './fakeAsk';
import { fakeData, wait } from './fakeData';
import { fakeModels } from './fakeModels';
import { attentionMaps, evaluate, metricsAt, shareLearned, speed } from './fakeNumbers';
import { fakeStages } from './fakeStages';

const hasOnlyWasm = new URLSearchParams(globalThis.location?.search).has('wasm');
const device = hasOnlyWasm
  ? {
      backend: 'wasm' as const,
      description: 'WebAssembly, 4 threads',
      isSoftware: true,
      hasFloat16: false,
      whyNotWebGPU: 'The browser has no WebGPU.',
    }
  : {
      backend: 'webgpu' as const,
      description: 'WebGPU, Apple M2',
      isSoftware: false,
      hasFloat16: true,
    };

interface Loaded {
  /** As it was loaded, and with what was set since. */
  before: SettledRun;
  run: SettledRun;
  data: DataSummary;
}

/**
 * An engine without tensors: the same calls and events, invented numbers. For tests of the page alone;
 * `test/contract` holds it to what the engine does.
 */
export function createEngine(): EngineApi {
  let listener: (event: EngineEvent) => void = () => {};
  let id = '';
  let loaded: Loaded | undefined;
  let step = 0;
  let moments: number[] = [];
  let lookedAt: number | undefined;
  let state: SessionState = 'idle';
  let loads = 0;
  let isStopping = false;
  /** The steps under way. */
  let steps: Promise<void> = Promise.resolve();
  const commands = new Commands();

  const tell = (event: RunEvent) => listener({ ...event, run: id });
  const go = (next: SessionState) => {
    if (next === state) return;
    state = next;
    tell({ type: 'state', state });
  };
  const progress = async (label: string, total: number, unit: string) => {
    for (let i = 0; i <= 10; i++) {
      tell({ type: 'progress', label, done: (total * i) / 10, total, unit });
      await wait(20);
    }
  };
  const tellAccuracy = ({ run, data }: Loaded) =>
    tell({ type: 'evaluation', evaluation: evaluate(lookedAt ?? step, run, data) });

  const keepMoment = () => {
    if (step > 0 && !moments.includes(step)) moments = [...moments, step];
    listener({ type: 'moments', run: id, steps: moments });
  };
  const kept = (moment: number) => {
    if (moments.includes(moment)) return moment;
    throw new InputError(`The student as it was after step ${moment} is no longer kept.`);
  };

  const train = async (of: Loaded, count: number) => {
    const last = Math.min(of.run.train.steps, step + count);
    isStopping = false;
    while (step < last && !isStopping) {
      await wait(1000 / speed);
      step++;
      tell({ type: 'step', metrics: metricsAt(step, of.run) });
      if (step % 10 === 0 && step < of.run.train.steps) tellAccuracy(of);
      if (step % 10 === 0) keepMoment();
    }
    if (step < of.run.train.steps) return;
    tellAccuracy(of);
    go('finished');
    keepMoment();
  };
  const start = (count: number) => {
    if (!loaded || (state !== 'ready' && state !== 'paused')) return;
    lookedAt = undefined;
    go('running');
    steps = train(loaded, count);
  };
  const halt = async () => {
    isStopping = true;
    await steps;
    if (state !== 'running') return;
    go('paused');
    keepMoment();
  };
  const afresh = (of: Loaded, nextId: string) => {
    id = nextId;
    loaded = { ...of, run: of.before };
    step = 0;
    moments = [];
    lookedAt = undefined;
    go('loading');
  };
  const { data, calls: dataCalls } = fakeData(
    (event) => listener(event),
    (from) => loaded?.data === from && step > 0,
  );
  const { modelsOf, calls: modelCalls } = fakeModels(
    (event) => listener(event),
    () => loaded?.run,
  );
  const needed = <T>(one: T | undefined, message: string): T => {
    if (one === undefined) throw new InputError(message);
    return one;
  };
  const needsModels = () => needed(loaded, 'The models are not loaded yet; wait a moment.');

  return {
    async start(_backend, listen) {
      listener = listen;
      await wait(50);
      return device;
    },
    ...dataCalls,
    async augmented(...request) {
      needsModels();
      return dataCalls.augmented(...request);
    },
    ...modelCalls,
    async describeStudent(student) {
      needsModels();
      return modelCalls.describeStudent(student);
    },
    async load(nextId, wanted, _precision, trained) {
      const mine = ++loads;
      const summary = data();
      const models = await modelsOf(wanted);
      if (methods[wanted.method].hasNoTeacher)
        throw new InputError(
          `The method "${wanted.method}" trains a CLIP of its own, which this page does not do.`,
        );
      const run = settleRun(wanted, summary, { teacher: models.teacher });
      return commands.add(async () => {
        await halt();
        go('idle');
        const own = { before: run, run, data: summary };
        afresh(own, nextId);
        step = trained?.step ?? 0;
        for (const { name } of [models.teacher, models.student])
          if (name !== 'demo teacher' && (name === run.teacher || name === run.student))
            tell({ type: 'notice', message: `${name} was made for images of 224 pixels.` });
        await progress('Encoding texts with the teacher', 20, 'texts');
        if (mine !== loads) throw new InputError('Another run was loaded.');
        if (trained && !('weight' in (await readSafetensors(trained.tensors, 'The trained student')))) {
          go('failed');
          throw new InputError('The trained student is not of this run: its weight is missing.');
        }
        tellAccuracy(own);
        go('ready');
        return { id: nextId, ...models, captionDoubts: [] };
      });
    },
    play: () => commands.add(async () => start(Number.POSITIVE_INFINITY)),
    pause() {
      isStopping = true;
      return commands.add(halt);
    },
    step: () =>
      commands.add(async () => {
        await halt();
        start(1);
        await steps;
        await halt();
      }),
    async setLearningRate(learningRate) {
      if (!loaded) return undefined;
      const { run } = loaded;
      const log = [...(run.train.log ?? []).filter((entry) => entry.step < step), { step, learningRate }];
      loaded.run = { ...run, train: { ...run.train, log } };
      return { run: id, log };
    },
    reset(nextId) {
      isStopping = true;
      return commands.add(async () => {
        await halt();
        if (!loaded) return;
        afresh(loaded, nextId);
        tellAccuracy(loaded);
        go('ready');
      });
    },
    ...fakeStages(data),
    ...fakeAsk(() => {
      const at = lookedAt ?? step;
      return loaded && { step: at, share: shareLearned(at), data: loaded.data };
    }),
    async attentionMaps(image) {
      if (loaded && image >= loaded.data.images)
        throw new InputError(`The data has no image number ${image}.`);
      return loaded && attentionMaps(image);
    },
    memory: async () => ({ tensors: 812, bytes: 41_300_000 }),
    async trainedStudent(moment) {
      const at = moment === undefined ? step : kept(moment);
      const weight = { shape: [1], data: Float32Array.of(at) };
      return loaded && { run: id, step: at, tensors: new Blob([writeSafetensors({ weight })]) };
    },
    async look(moment) {
      const at = moment === undefined ? undefined : kept(moment);
      isStopping = true;
      return commands.add(async () => {
        await halt();
        if (!loaded || at === lookedAt) return;
        lookedAt = at;
        tellAccuracy(loaded);
      });
    },
    keepCheckpoint: async () => {},
    stoppedRun: async () => undefined,
    removeCheckpoints: async () => {},
    async exportSearchPage() {
      needed(loaded, 'There is no student to export yet: wait until the models are loaded.');
      return new Blob([new Uint8Array(zipSync({ 'search/index.html': new Uint8Array() }))]);
    },
    async exportStudent() {
      const { run } = needed(loaded, 'There is no student to export yet: wait until the models are loaded.');
      const bytes = (text: string) => new TextEncoder().encode(text);
      const files = {
        'student/config.json': bytes('{}'),
        'student/model.safetensors': writeSafetensors({}),
        'heads.safetensors': writeSafetensors({}),
        'run.json': bytes(JSON.stringify(run)),
        'README.md': bytes('# A student'),
      };
      const at = { images: 48, heldOut: true, agreement: 0.9, top1: 0.84 };
      return {
        file: new Blob([new Uint8Array(zipSync(files))]),
        precisions: [
          { precision: 'float32', bytes: 900_000, ...at },
          { precision: 'float16', bytes: 500_000, ...at },
          { precision: 'int8', bytes: 300_000, ...at, top1: 0.836 },
        ],
      };
    },
  };
}
