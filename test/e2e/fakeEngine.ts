import type { AttentionMap, Embeddings, Evaluation, Guess } from '../../src/evaluate/results';
import { Random } from '../../src/files/random';
import { readSafetensors, writeSafetensors } from '../../src/files/safetensors';
import type { Run } from '../../src/run/schema';
import type { RunEvent, SessionState, StepMetrics } from '../../src/train/events';
import type { EngineApi, EngineEvent } from '../../src/worker/api';
import { fakeAsk } from './fakeAsk';
import { fakeData, wait, words } from './fakeData';
import { fakeModels, student, teacher } from './fakeModels';
import { fakeStages } from './fakeStages';

let seed = 7;
const random = () => {
  seed = (seed * 16807) % 2147483647;
  return seed / 2147483647;
};
const normal = () => Math.sqrt(-2 * Math.log(random() + 1e-9)) * Math.cos(2 * Math.PI * random());

/** An engine without tensors: the same calls and events, invented numbers. For tests of the page alone. */
export function createEngine(): EngineApi {
  let listener: (event: EngineEvent) => void = () => {};
  const opened = { teacher, student };
  let id = '';
  let run: Run | undefined;
  let step = 0;
  let state: SessionState = 'idle';
  let loads = 0;
  let isStopping = false;
  /** The steps under way, and the last command. */
  let steps: Promise<void> = Promise.resolve();
  let commands: Promise<unknown> = Promise.resolve();

  const tell = (event: RunEvent) => listener({ ...event, run: id });
  const go = (next: SessionState) => {
    if (next === state) return;
    state = next;
    tell({ type: 'state', state });
  };
  const command = <T>(work: () => Promise<T>): Promise<T> => {
    const done = commands.then(work);
    commands = done.catch(() => undefined);
    return done;
  };
  const progress = async (label: string, total: number, unit: string, ms: number) => {
    for (let i = 0; i <= 10; i++) {
      tell({ type: 'progress', label, done: (total * i) / 10, total, unit });
      await wait(ms / 10);
    }
  };
  const tellAccuracy = () => tell({ type: 'evaluation', evaluation: evaluate(step) });

  const oneStep = async ({ train }: Run) => {
    await wait(1000 / speed);
    step++;
    tell({ type: 'step', metrics: metricsAt(step, train.batchSize) });
    if (step % 10 === 0) tellAccuracy();
  };
  const train = async (run: Run, count: number) => {
    const last = Math.min(run.train.steps ?? 500, step + count);
    isStopping = false;
    while (step < last && !isStopping) await oneStep(run);
    if (step < (run.train.steps ?? 500)) return;
    tellAccuracy();
    go('finished');
  };
  const start = (count: number) => {
    if (!run || (state !== 'ready' && state !== 'paused')) return;
    go('running');
    steps = train(run, count);
  };
  const halt = async () => {
    isStopping = true;
    await steps;
    if (state === 'running') go('paused');
  };

  return {
    async start(_backend, listen) {
      listener = listen;
      await wait(100);
      return {
        backend: 'webgpu',
        description: 'WebGPU, Apple M2',
        isSoftware: false,
        hasFloat16: true,
        ...device,
      };
    },
    ...fakeData((event) => listener(event)),
    ...fakeModels(
      (event) => listener(event),
      (role, model) => {
        opened[role] = model;
      },
    ),
    load(nextId, next, _precision, trained) {
      const mine = ++loads;
      return command(async () => {
        await halt();
        go('idle');
        id = nextId;
        run = next;
        step = trained?.step ?? 0;
        go('loading');
        for (const { name } of [opened.teacher, opened.student])
          if (name === run.teacher || name === run.student)
            tell({ type: 'notice', message: `${name} was made for images of 224 pixels.` });
        await progress('Encoding texts with the teacher', 20, 'texts', 200);
        if (mine !== loads) throw new Error('Another run was loaded.');
        if (trained && !('weight' in (await readSafetensors(trained.tensors, 'The trained student')))) {
          go('failed');
          throw new Error('The trained student is not of this run.');
        }
        tellAccuracy();
        go('ready');
        const { student: wanted } = run;
        const loaded =
          typeof wanted === 'string'
            ? opened.student
            : ({ ...student, initialisation: 'layers' in wanted ? 'cut' : 'random' } as const);
        return { id, teacher: run.teacher === 'demo' ? teacher : opened.teacher, student: loaded };
      });
    },
    play: () => command(async () => start(Number.POSITIVE_INFINITY)),
    pause() {
      isStopping = true;
      return command(halt);
    },
    step: () =>
      command(async () => {
        await halt();
        start(1);
        await steps;
        await halt();
      }),
    async setLearningRate(learningRate) {
      if (!run) return undefined;
      const log = [...(run.train.log ?? []).filter((entry) => entry.step < step), { step, learningRate }];
      run = { ...run, train: { ...run.train, log } };
      return { run: id, log };
    },
    reset(nextId) {
      isStopping = true;
      return command(async () => {
        await halt();
        if (!run) return;
        id = nextId;
        step = 0;
        go('loading');
        tellAccuracy();
        go('ready');
      });
    },
    ...fakeStages(),
    ...fakeAsk(() => ({ step, share: 1 - Math.exp(-step / 120) })),
    attentionMaps: async (image) => ({
      teacher: fakeAttention(8, 0.35 + 0.02 * (image % 10), 0.4, 14),
      student: fakeAttention(4, 0.5, 0.5, 4),
    }),
    memory: async () => ({ tensors: 812, bytes: 41_300_000 }),
    trainedStudent: async () =>
      run && {
        run: id,
        step,
        tensors: new Blob([writeSafetensors({ weight: { shape: [1], data: Float32Array.of(step) } })]),
      },
    exportStudent: async () => new Blob(['zip']),
  };
}

function metricsAt(step: number, batchSize: number): StepMetrics {
  const decay = (from: number, to: number, pace: number) =>
    (to + (from - to) * Math.exp((-pace * step) / 100)) * (1 + 0.05 * normal());
  const [mean, variance, kl] = [decay(0.06, 0.014, 2), decay(0.011, 0.0026, 1), decay(2.2, 0.35, 1.6)];
  return {
    step,
    mean,
    variance,
    kl,
    align: mean + variance,
    total: mean + variance + kl,
    alpha: 0.31 * (1 - Math.exp(-step / 200)),
    learningRate: 1e-3,
    imagesPerSecond: batchSize * speed * (1 + 0.04 * normal()),
  };
}

const asked = new URLSearchParams(globalThis.location?.search);
/** Steps a second. */
const speed = Number(asked.get('speed') ?? 20);
const heldOut = Number(asked.get('images') ?? 40);
const hasDiverged = asked.has('diverged');
const device = asked.has('wasm')
  ? {
      backend: 'wasm' as const,
      description: 'WebAssembly, 4 threads',
      whyNotWebGPU: 'The browser has no WebGPU.',
    }
  : {};

const texts = words.map((word) => `an emoji of ${word}`);
const SCALE = 20;

function fakeLogits(images: number, sharpness: number): Float32Array {
  return Float32Array.from({ length: images * texts.length }, (_, i) => {
    const isRight = Math.floor(i / texts.length) % texts.length === i % texts.length;
    return normal() + (isRight ? sharpness : 0);
  });
}

function guesses(logits: Float32Array, image: number): Guess[] {
  const scores = [...logits.subarray(image * texts.length, (image + 1) * texts.length)].map(Math.exp);
  const sum = scores.reduce((a, b) => a + b, 0);
  return texts
    .map((text, i) => ({ text, probability: scores[i] / sum }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, 5);
}

/** Attention around a place, sharper the higher. */
function fakeAttention(grid: number, x: number, y: number, sharpness: number): AttentionMap {
  const weights = Float32Array.from({ length: grid * grid }, (_, i) =>
    Math.exp(-sharpness * (((i % grid) / grid - x) ** 2 + (Math.floor(i / grid) / grid - y) ** 2)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return { grid, weights: weights.map((weight) => (0.9 * weight) / sum) };
}

/** A place for each text, images of the teacher around theirs, and a student that leaves one place for all of them. */
function fakeEmbeddings(learned: number): Embeddings {
  const random = new Random(3);
  const row = (from: number[], spread: number) => {
    const all = from.map((value) => value + spread * random.normal());
    const length = Math.hypot(...all);
    return all.map((value) => value / length);
  };
  const origin = Array<number>(32).fill(0);
  const centres = texts.map(() => row(origin, 1));
  const start = row(origin, 1);
  const teacher = Array.from({ length: heldOut }, (_, i) => row(centres[i % centres.length], 0.1));
  const student = teacher.map((place) =>
    row(
      place.map((value, i) => 0.9 * learned * value + (1 - 0.9 * learned) * start[i]),
      0.03,
    ),
  );
  const flat = (rows: number[][]) => Float32Array.from(rows.flat());
  const places = flat(student);
  return {
    dimension: 32,
    teacher: flat(teacher),
    student: hasDiverged ? places.fill(Number.NaN) : places,
    texts: flat(centres),
  };
}

function evaluate(step: number): Evaluation {
  const learned = 1 - Math.exp(-step / 120);
  const features = (centre: number, spread: number) =>
    Float32Array.from({ length: 128 }, () => centre + spread * normal());
  const variance = (centre: number) =>
    Float32Array.from({ length: 128 }, () => Math.abs(centre + centre * 0.4 * normal()));
  const logits = { teacher: fakeLogits(heldOut, 5), student: fakeLogits(heldOut, 4.4 * learned) };
  return {
    step,
    images: heldOut,
    heldOut: true,
    teacher: { top1: 0.775, top5: 0.95 },
    student: { top1: 0.05 + 0.6 * learned + 0.02 * normal(), top5: 0.25 + 0.6 * learned },
    agreement: 0.1 + 0.6 * learned,
    predictions: Array.from({ length: heldOut }, (_, image) => ({
      image,
      path: `test/${image}.png`,
      truth: [texts[image % texts.length]],
      teacher: guesses(logits.teacher, image),
      student: guesses(logits.student, image),
      attention: Float32Array.from(words, () => random() ** 3 / 6),
    })),
    logits: { texts, scale: SCALE, ...logits },
    features: {
      teacherMean: features(0, 0.05),
      studentMean: features(0.02 * (1 - learned), 0.03 + 0.02 * learned),
      teacherVariance: variance(0.006),
      studentVariance: variance(0.002 + 0.004 * learned),
    },
    embeddings: fakeEmbeddings(learned),
  };
}
