import type { AttentionMap, Embeddings, Evaluation, Guess } from '../../src/evaluate/results';
import { Random } from '../../src/files/random';
import { readSafetensors, writeSafetensors } from '../../src/files/safetensors';
import type { Run } from '../../src/run/schema';
import type { SessionState } from '../../src/train/events';
import type { EngineApi, EngineEvent } from '../../src/worker/api';
import { fakeAsk } from './fakeAsk';
import { fakeData, wait, words } from './fakeData';
import { fakeModels, student, teacher } from './fakeModels';

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
  let run: Run;
  let step = 0;
  let state: SessionState = 'idle';
  const go = (next: SessionState) => {
    state = next;
    listener({ type: 'state', state });
  };
  const progress = async (label: string, total: number, unit: string, ms: number) => {
    for (let i = 0; i <= 10; i++) {
      listener({ type: 'progress', label, done: (total * i) / 10, total, unit });
      await wait(ms / 10);
    }
  };
  const decay = (from: number, to: number, pace: number) =>
    (to + (from - to) * Math.exp((-pace * step) / 100)) * (1 + 0.05 * normal());

  const oneStep = async () => {
    await wait(1000 / speed);
    if (state === 'loading') return;
    step++;
    const mean = decay(0.06, 0.014, 2);
    const variance = decay(0.011, 0.0026, 1);
    const kl = decay(2.2, 0.35, 1.6);
    listener({
      type: 'step',
      metrics: {
        step,
        mean,
        variance,
        kl,
        align: mean + variance,
        total: mean + variance + kl,
        alpha: 0.31 * (1 - Math.exp(-step / 200)),
        learningRate: 1e-3,
        imagesPerSecond: run.train.batchSize * speed * (1 + 0.04 * normal()),
      },
    });
    if (step % 10 === 0) listener({ type: 'evaluation', evaluation: evaluate(step) });
  };
  const loop = async () => {
    while (state === 'running') {
      await oneStep();
      if (step >= (run.train.steps ?? 500)) go('finished');
    }
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
    async load(next, _precision, trained) {
      run = next;
      step = trained?.step ?? 0;
      go('loading');
      await progress('Encoding texts with the teacher', 20, 'texts', 200);
      if (trained && !('weight' in (await readSafetensors(trained.tensors, 'The trained student')))) {
        go('failed');
        throw new Error('The trained student is not of this run.');
      }
      go('ready');
      listener({ type: 'evaluation', evaluation: evaluate(step) });
      const { student: wanted } = run;
      const loaded =
        typeof wanted === 'string'
          ? opened.student
          : ({ ...student, initialisation: 'layers' in wanted ? 'cut' : 'random' } as const);
      return { teacher: run.teacher === 'demo' ? teacher : opened.teacher, student: loaded };
    },
    async play() {
      if (state === 'running') return;
      go('running');
      void loop();
    },
    pause: async () => go('paused'),
    async step() {
      await oneStep();
      go('paused');
    },
    async reset() {
      step = 0;
      go('ready');
      listener({ type: 'evaluation', evaluation: evaluate(0) });
    },
    ...fakeAsk(() => ({ step, share: 1 - Math.exp(-step / 120) })),
    attentionMaps: async (image) => ({
      teacher: fakeAttention(8, 0.35 + 0.02 * (image % 10), 0.4, 14),
      student: fakeAttention(4, 0.5, 0.5, 4),
    }),
    memory: async () => ({ tensors: 812, bytes: 41_300_000 }),
    trainedStudent: async () => ({
      step,
      tensors: new Blob([writeSafetensors({ weight: { shape: [1], data: Float32Array.of(step) } })]),
    }),
    exportStudent: async () => new Blob(['zip']),
  };
}

const asked = new URLSearchParams(location.search);
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
