import { InputError } from '../../src/files/folder';
import type {
  DataOptions,
  DataPart,
  DataSummary,
  EngineApi,
  EngineEvent,
  ImageRow,
} from '../../src/worker/api';

const words =
  'sea otter,peacock,crocodile,hedgehog,owl,turtle,octopus,honeybee,croissant,avocado,watermelon,hot pepper,bicycle,sailboat,rocket,tent,guitar,umbrella,key,telescope'.split(
    ',',
  );
const pictures = [...'🦦🦚🐊🦔🦉🐢🐙🐝🥐🥑🍉🌶🚲⛵🚀⛺🎸☂🔑🔭'];

export const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const demo: DataSummary = {
  name: 'Emoji by seven artists',
  format: 'demo',
  why: 'It comes with this page.',
  doubts: [],
  otherForms: [],
  images: 138,
  training: { images: 98, labelled: 98, texts: 20 },
  pairs: 138,
  classes: words,
  classCounts: words.map((_, i) => ({ train: 4 + (i % 3), test: 2 })),
  promptTemplate: 'an emoji of {}',
  scripts: [{ script: 'Latin', share: 1 }],
  notMirrored: 0,
  examined: 138,
  duplicates: { nearDuplicates: 0, straddling: 0, leftOut: 0 },
  tables: [],
  texts: words.length,
  splits: { train: 98, test: 40 },
  hasOwnTest: true,
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
  samples: words.slice(0, 12).map((text, image) => ({ image, text })),
};

/** The default concepts, or some of them, each with two held-out images. */
function demoOf(concepts: string[] = words): DataSummary {
  const unknown = concepts.find((concept) => !words.includes(concept));
  if (unknown !== undefined) throw new InputError(`The demo has no concept “${unknown}”.`);
  if (concepts.length === words.length) return demo;
  const isChosen = (_: unknown, i: number) => concepts.includes(words[i]);
  const classCounts = demo.classCounts.filter(isChosen);
  const train = classCounts.reduce((sum, counts) => sum + counts.train, 0);
  const test = 2 * classCounts.length;
  const [images, classes] = [train + test, words.filter(isChosen)];
  return {
    ...demo,
    images,
    pairs: images,
    examined: images,
    texts: classes.length,
    classes,
    classCounts,
    training: { images: train, labelled: train, texts: classes.length },
    splits: { train, test },
    samples: classes.map((text, image) => ({ image, text })),
  };
}

/** With labels on so many training images a class, and all images. */
function withLabels(data: DataSummary, labelsPerClass = Infinity): DataSummary {
  const classCounts = data.classCounts.map((counts) => ({
    ...counts,
    train: Math.min(counts.train, labelsPerClass),
  }));
  const labelled = classCounts.reduce((sum, { train }) => sum + train, 0);
  const pairs = data.pairs - data.training.labelled + labelled;
  return { ...data, pairs, classCounts, training: { ...data.training, labelled } };
}

/** What the towers read: class names in their template. */
export const ownTexts = ({ classes, promptTemplate = '{}' }: DataSummary): string[] =>
  classes.map((name) => promptTemplate.replace('{}', name));

const rows = [
  ['images/0001.jpg', 'sea otter', 'A sea otter floats to the left, 3 pups beside it', 'train'],
  ['images/0002.jpg', 'طاووس', 'طاووس يفرد ذيله في الحديقة', 'train'],
  ['images/0003.jpg', 'hedgehog', 'x'.repeat(100_000), 'test'],
];

const skippedOf = (n: number) =>
  Array.from({ length: n }, (_, i) => [
    { file: `images/notes-${i}.png`, reason: 'is not an image: it begins with text' },
    { file: `images/empty-${i}.jpg`, reason: 'is empty' },
  ]).flat();

/** What a drop is taken for, by its name: images alone, something huge, something slow, a single image; 40 images in 4 classes else. */
function understand(parts: DataPart[], options: DataOptions): DataSummary {
  const paths = parts.flatMap((part) => ('hub' in part ? [part.hub] : part.files.map(({ path }) => path)));
  if (paths.some((path) => path.endsWith('.txt')))
    throw new InputError(
      `${paths[0]}: no images found. Drop a folder of images, a zip or a table with captions.`,
    );
  if (Object.values(options.classNames ?? {}).includes(''))
    throw new InputError('dataOptions.classNames: a class needs a name.');
  if (paths.every((path) => path.endsWith('.png')) && !options.classes) {
    const error = new Error('What the images show can’t be told: no text belongs to them.');
    error.name = 'NeedsClasses';
    throw error;
  }
  const has = (name: string) => paths.some((path) => path.includes(name));
  const images = has('huge') ? 100_000 : has('single') ? 1 : 40 * parts.length;
  const test = Math.round(images * (options.testShare ?? 0));
  const classes = (options.classes ?? words.slice(0, has('huge') ? 20 : 4)).map(
    (name) => options.classNames?.[name] ?? name,
  );
  return {
    ...demo,
    name: paths[0].split('/')[0],
    format: has('hub') ? 'Parquet' : 'ImageFolder with metadata.csv',
    why: 'metadata.csv names the images in its column file_name and their texts in its column caption.',
    images,
    training: { images: images - test, labelled: images - test, texts: classes.length },
    pairs: images,
    classes,
    classCounts: classes.map((_, i) => ({ train: 6 + 3 * (i % 4), test: 2 })),
    texts: classes.length,
    promptTemplate: options.promptTemplate ?? 'a photo of a {}.',
    scripts: [
      { script: 'Latin', share: 0.83 },
      { script: 'Arabic', share: 0.16 },
      { script: 'Han', share: 0.004 },
    ],
    notMirrored: 3,
    examined: Math.min(images, 12),
    sizes: {
      smallest: { width: 31, height: 48 },
      median: { width: 640, height: 480 },
      largest: { width: 6000, height: 4000 },
    },
    duplicates: { nearDuplicates: 7, straddling: options.moveNearDuplicates ? 0 : 2, leftOut: 2 },
    tables: [
      {
        path: 'metadata.csv',
        columns: ['file_name', 'label', 'caption', 'set'],
        chosen: options.columns ?? { image: 'file_name', text: 'label', kind: 'classes' },
        rows,
      },
    ],
    splits: (test > 0 ? { train: images - test, test } : { all: images }) as Record<string, number>,
    hasOwnTest: false,
    credits: [],
    skipped: skippedOf(has('huge') ? 2000 : 1),
    samples: demo.samples.map(({ image }) => ({ image, text: classes[image % classes.length] })),
  };
}

type DataCalls = Pick<
  EngineApi,
  'openDemo' | 'openData' | 'cancelOpening' | 'imageRows' | 'augmented' | 'image' | 'demoGroups'
>;

/** The part of the engine that opens data, without any; `data` is what is in use, and throws where there is none. */
export function fakeData(
  tell: (event: EngineEvent) => void,
  hasLearned: (from: DataSummary) => boolean,
): { data: () => DataSummary; calls: DataCalls } {
  let inUse: DataSummary | undefined;
  let openings = 0;
  const data = () => {
    if (!inUse) throw new InputError('There is no data to train on yet: drop images and captions first.');
    return inUse;
  };
  const checkImage = (index: number) => {
    if (index >= data().images) throw new InputError(`The data has no image number ${index}.`);
  };
  const read = async (label: string, total: number, ms: number) => {
    const mine = ++openings;
    for (let i = 0; i <= 10; i++) {
      if (mine !== openings) throw new InputError('Opening was cancelled.');
      tell({ type: 'progress', label, done: (total * i) / 10, total, unit: 'images' });
      await wait(ms / 10);
    }
  };
  const lookInto = async (summary: DataSummary, isChanging: boolean, isWaiting: boolean) => {
    const mine = openings;
    while (isWaiting && !hasLearned(summary)) await wait(20);
    for (let i = 1; i <= 5; i++) {
      await wait(isChanging ? 300 : 100);
      if (mine !== openings) return;
      const examined = Math.round(summary.examined + ((summary.images - summary.examined) * i) / 5);
      const skipped = isChanging && i === 5 ? skippedOf(2) : summary.skipped;
      inUse = { ...summary, examined, skipped };
      tell({ type: 'data', summary: inUse, changed: isChanging && i === 5 });
    }
  };
  const calls: DataCalls = {
    demoGroups: async () => ({
      groups: [
        ['a', 'Animals & Nature', 2.9e6, words.slice(0, 8)] as const,
        ['b', 'Food & Drink', 2.3e6, words.slice(8, 12)] as const,
        ['c', 'Objects', 3.2e6, words.slice(12)] as const,
      ].map(([id, name, bytes, names]) => ({
        id,
        name,
        bytes,
        concepts: names.map((concept) => ({ id: concept, name: concept })),
      })),
      defaultConcepts: words,
    }),
    async openDemo(concepts, { labelsPerClass } = {}) {
      const opened = withLabels(demoOf(concepts), labelsPerClass);
      openings++;
      inUse = opened;
      return opened;
    },
    async openData(parts, options) {
      const paths = parts.flatMap((part) => ('hub' in part ? [] : part.files.map(({ path }) => path)));
      await read('Reading images', 40, paths.some((path) => path.includes('slow')) ? 5000 : 100);
      const opened = understand(parts, options);
      inUse = opened;
      if (!paths.some((path) => path.includes('huge')))
        void lookInto(
          opened,
          paths.some((path) => path.includes('changing')),
          paths.some((path) => path.includes('waiting')),
        );
      return opened;
    },
    async cancelOpening() {
      openings++;
    },
    async imageRows(from, to, search) {
      const all: ImageRow[] = [];
      const { images, classes } = data();
      for (let index = 0; index < images; index++) {
        const text = classes[index % classes.length];
        const path = `images/${String(index).padStart(5, '0')}.jpg`;
        if (text.includes(search) || path.includes(search))
          all.push({
            index,
            path,
            texts: index === 5 ? ['🦦 كلب '.repeat(12_000)] : [text],
            split: index % 5 ? 'train' : 'test',
          });
      }
      return { rows: all.slice(from, to), total: all.length };
    },
    async augmented(index, draws, augment) {
      checkImage(index);
      const size = 32;
      const picture = (draw: number) => {
        const pixels = new Uint8ClampedArray(size * size * 4);
        for (let i = 0; i < size * size; i++) {
          const isInside =
            Math.hypot((i % size) - 16 - (augment === 'none' ? 0 : draw - 4), i / size - 16) < 11;
          pixels.set(
            isInside
              ? [60 + 20 * index, 120, augment === 'crop-flip-jitter' ? 30 * draw : 90, 255]
              : [255, 255, 255, 255],
            i * 4,
          );
        }
        return pixels;
      };
      return { size, pictures: Array.from({ length: draws }, (_, draw) => picture(draw)) };
    },
    async image(index) {
      checkImage(index);
      return new Blob(
        [
          `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="#fff"/><circle cx="32" cy="32" r="24" fill="hsl(${(index * 47) % 360} 60% 62%)"/><circle cx="24" cy="27" r="5"/><circle cx="40" cy="27" r="5"/><text y="60" font-size="9">${pictures[index % 20]}</text></svg>`,
        ],
        { type: 'image/svg+xml' },
      );
    },
  };
  return { data, calls };
}
