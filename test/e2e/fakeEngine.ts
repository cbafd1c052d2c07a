import type { Evaluation, Guess } from '../../src/evaluate/results';
import type { Run } from '../../src/run/schema';
import type { SessionEvent, SessionState } from '../../src/train/events';
import type { DataSummary, DroppedFile, EngineApi, ModelSummary } from '../../src/worker/api';

const words =
  'sea otter,peacock,crocodile,hedgehog,owl,turtle,octopus,honeybee,croissant,avocado,watermelon,hot pepper,bicycle,sailboat,rocket,tent,guitar,umbrella,key,telescope'.split(
    ',',
  );
const pictures = [...'🦦🦚🐊🦔🦉🐢🐙🐝🥐🥑🍉🌶🚲⛵🚀⛺🎸☂🔑🔭'];

let seed = 7;
const random = () => {
  seed = (seed * 16807) % 2147483647;
  return seed / 2147483647;
};
const normal = () => Math.sqrt(-2 * Math.log(random() + 1e-9)) * Math.cos(2 * Math.PI * random());
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const teacher: ModelSummary = {
  name: 'demo teacher',
  description: 'ViT 64/8, 6 × 128',
  imageParameters: 1_240_000,
  parameters: 3_480_000,
  bytes: 6_960_000,
  initialisation: 'checkpoint',
};
const student: ModelSummary = {
  name: 'demo student',
  description: 'ViT 64/8, 4 × 64',
  imageParameters: 218_000,
  parameters: 218_000,
  bytes: 872_000,
  initialisation: 'random',
};

const demo: DataSummary = {
  name: 'Emoji by seven artists',
  format: 'demo',
  images: 138,
  pairs: 138,
  classes: words,
  texts: words.length,
  splits: { train: 98, test: 40 },
  skipped: [],
  credits: [
    ['Noto Emoji', 'Google Inc', 'Apache-2.0', false],
    ['Noto Emoji 1', 'Google Inc', 'Apache-2.0', false],
    ['Fluent Emoji 3D', 'Microsoft Corporation', 'MIT', false],
    ['Fluent Emoji Flat', 'Microsoft Corporation', 'MIT', false],
    ['OpenMoji', 'OpenMoji', 'CC-BY-SA-4.0', false],
    ['Twemoji', 'Twitter', 'CC-BY-4.0', true],
    ['Emoji One', 'Emoji One', 'CC-BY-4.0', true],
  ].map(([name, author, licence, heldOut]) => ({
    name: String(name),
    author: String(author),
    licence: String(licence),
    heldOut: Boolean(heldOut),
    url: 'https://example.org/',
    images: 20,
  })),
  samples: words.slice(0, 12).map((text, image) => ({ image, text: `an emoji of ${text}` })),
};

/** An engine without tensors: the same calls and events, invented numbers. For tests of the page alone. */
export function createEngine(): EngineApi {
  let listener: (event: SessionEvent) => void = () => {};
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
    demoGroups: async () => ({
      groups: [
        {
          id: 'a',
          name: 'Animals & Nature',
          bytes: 2.9e6,
          concepts: words.slice(0, 8).map((name) => ({ id: name, name })),
        },
        {
          id: 'b',
          name: 'Food & Drink',
          bytes: 2.3e6,
          concepts: words.slice(8, 12).map((name) => ({ id: name, name })),
        },
        {
          id: 'c',
          name: 'Objects',
          bytes: 3.2e6,
          concepts: words.slice(12).map((name) => ({ id: name, name })),
        },
      ],
      defaultConcepts: words,
    }),
    async openDemo() {
      await progress('Reading demo images', 138, 'images', 300);
      return demo;
    },
    async openData(files: DroppedFile[]) {
      await progress('Reading images', 40, 'images', 300);
      if (files.some(({ path }) => path.endsWith('.txt')))
        throw new Error(
          `${files[0]?.path}: no images found. Drop a folder of images, a zip or a table with captions.`,
        );
      return {
        ...demo,
        name: files[0]?.path ?? 'drop',
        format: 'ImageFolder with metadata.csv',
        images: 40,
        pairs: 40,
        classes: words.slice(0, 4),
        splits: { all: 40 },
        credits: [],
        skipped: [
          { file: 'images/notes.png', reason: 'is not an image: it begins with text' },
          { file: 'images/empty.jpg', reason: 'is empty' },
        ],
      };
    },
    openModel: async (role) => (role === 'teacher' ? teacher : student),
    async load(next) {
      run = next;
      step = 0;
      go('loading');
      await progress('Encoding texts with the teacher', 20, 'texts', 200);
      go('ready');
      listener({ type: 'evaluation', evaluation: evaluate(0) });
      return { teacher, student };
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
    image: async (index) =>
      new Blob(
        [
          `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="#fff"/><circle cx="32" cy="32" r="24" fill="hsl(${(index * 47) % 360} 60% 62%)"/><circle cx="24" cy="27" r="5"/><circle cx="40" cy="27" r="5"/><text y="60" font-size="9">${pictures[index % 20]}</text></svg>`,
        ],
        { type: 'image/svg+xml' },
      ),
    memory: async () => ({ tensors: 812, bytes: 41_300_000 }),
    exportStudent: async () => new Blob(['zip']),
  };
}

const speed = Number(new URLSearchParams(location.search).get('speed') ?? 20);
const device = new URLSearchParams(location.search).has('wasm')
  ? {
      backend: 'wasm' as const,
      description: 'WebAssembly, 4 threads',
      whyNotWebGPU: 'The browser has no WebGPU.',
    }
  : {};

function guesses(truth: number, sharpness: number): Guess[] {
  const scores = words.map((_, i) => Math.exp(normal() + (i === truth ? sharpness : 0)));
  const sum = scores.reduce((a, b) => a + b, 0);
  return words
    .map((text, i) => ({ text: `an emoji of ${text}`, probability: scores[i] / sum }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, 5);
}

function evaluate(step: number): Evaluation {
  const learned = 1 - Math.exp(-step / 120);
  const features = (centre: number, spread: number) =>
    Float32Array.from({ length: 128 }, () => centre + spread * normal());
  const variance = (centre: number) =>
    Float32Array.from({ length: 128 }, () => Math.abs(centre + centre * 0.4 * normal()));
  return {
    step,
    images: 40,
    heldOut: true,
    teacher: { top1: 0.775, top5: 0.95 },
    student: { top1: 0.05 + 0.6 * learned + 0.02 * normal(), top5: 0.25 + 0.6 * learned },
    predictions: Array.from({ length: 40 }, (_, image) => ({
      image,
      path: `test/${image}.png`,
      truth: [`an emoji of ${words[image % 20]}`],
      teacher: guesses(image % 20, 5),
      student: guesses(image % 20, 4.4 * learned),
      attention: Float32Array.from(words, () => random() ** 3 / 6),
    })),
    features: {
      teacherMean: features(0, 0.05),
      studentMean: features(0.02 * (1 - learned), 0.03 + 0.02 * learned),
      teacherVariance: variance(0.006),
      studentVariance: variance(0.002 + 0.004 * learned),
    },
  };
}
