import { z } from 'zod';
import type { AttentionMaps, Evaluation, ImageAnswers, SearchResult } from '../../src/evaluate/results';
import type {
  DataSummary,
  EngineEvent,
  ImageRow,
  LoadedRun,
  ModelDescription,
  ModelSummary,
  StageEvent,
  StoredModelRow,
  TeacherResult,
  TrainedStudent,
} from '../../src/worker/api';

// What the engine answers, to the last key: a key too many is a drift as one that is missing.

const floats = z.instanceof(Float32Array).refine((values) => values.every(Number.isFinite), 'has NaN');
const share = z.number().min(0).max(1);
const count = z.int().nonnegative();
const text = z.string().min(1);
/** For people: begins like a sentence or with a name, ends with a full stop, and says nothing of the program. */
export const sentence = z.string().regex(/^(?!\w*Error|undefined)[\s\S]{10,}\.$/, 'is no sentence');

const accuracy = z.strictObject({ top1: share.optional(), top5: share.optional() });
const guesses = z.array(z.strictObject({ text, probability: share })).max(5);

const evaluation: z.ZodType<Evaluation> = z.strictObject({
  step: count,
  images: count,
  heldOut: z.boolean(),
  teacher: accuracy,
  student: accuracy,
  agreement: share,
  predictions: z.array(
    z.strictObject({
      image: count,
      path: text,
      truth: z.array(text),
      teacher: guesses,
      student: guesses,
      attention: floats,
    }),
  ),
  logits: z.strictObject({ texts: z.array(text), scale: z.number(), teacher: floats, student: floats }),
  features: z.strictObject({
    teacherMean: floats,
    studentMean: floats,
    teacherVariance: floats,
    studentVariance: floats,
  }),
  embeddings: z.strictObject({ dimension: count, teacher: floats, student: floats, texts: floats }),
});

export const answers: z.ZodType<ImageAnswers> = z.strictObject({
  step: count,
  texts: z.array(text),
  ownTexts: z.strictObject({ asked: count, all: count }),
  cut: z.array(text),
  scale: z.number(),
  teacher: floats,
  student: floats,
});

export const searchResult: z.ZodType<SearchResult> = z.strictObject({
  step: count,
  heldOut: z.boolean(),
  all: count,
  isOwn: z.boolean(),
  isCut: z.boolean(),
  images: z.array(z.strictObject({ image: count, path: text, texts: z.array(text), isRight: z.boolean() })),
  teacher: floats,
  student: floats,
});

const attentionMap = z
  .strictObject({ grid: count, weights: floats })
  .refine(({ grid, weights }) => weights.length === grid ** 2, 'has another size');
export const attentionMaps: z.ZodType<AttentionMaps> = z.strictObject({
  teacher: attentionMap,
  student: attentionMap,
});

const modelSizes = {
  description: z.string().regex(/^ViT \d+\/\d+, \d+ × \d+$/),
  imageParameters: count,
  parameters: count,
  largestTensor: count,
  flop: count,
  layers: count,
  width: count,
  heads: count,
  projectionDim: count,
};

export const modelSummary: z.ZodType<ModelSummary> = z.strictObject({
  ...modelSizes,
  name: text,
  bytes: count,
  initialisation: z.enum(['checkpoint', 'random', 'cut']),
});

export const loadedRun: z.ZodType<LoadedRun> = z.strictObject({
  id: text,
  teacher: modelSummary,
  student: modelSummary,
  captionDoubts: z.array(text),
});

export const modelDescription: z.ZodType<ModelDescription> = z.strictObject({
  name: text,
  remote: z
    .strictObject({
      id: text,
      commit: z.string().regex(/^[0-9a-f]{40}$/),
      licence: text.optional(),
      bytes: count,
      storedBytes: count,
    })
    .optional(),
  sizes: z.strictObject(modelSizes).optional(),
  largestBuffer: z.union([count, z.literal(Number.POSITIVE_INFINITY)]),
});

export const storedModels: z.ZodType<StoredModelRow[]> = z.array(
  z.strictObject({
    place: text,
    files: count,
    bytes: count,
    complete: z.boolean(),
    usedAt: z.number(),
    isInUse: z.boolean(),
  }),
);

export const trainedStudent: z.ZodType<TrainedStudent> = z.strictObject({
  run: text,
  step: count,
  tensors: z.instanceof(Blob),
});

const size = z.strictObject({ width: count, height: count });

export const dataSummary: z.ZodType<DataSummary> = z.strictObject({
  name: text,
  format: text,
  why: sentence,
  doubts: z.array(sentence),
  otherForms: z.array(z.strictObject({ name: text, format: text })),
  renamed: z.strictObject({ from: text, to: text }).optional(),
  images: count,
  training: z.strictObject({ images: count, labelled: count, texts: count }),
  pairs: count,
  classes: z.array(text),
  classCounts: z.array(z.strictObject({ train: count, test: count })),
  promptTemplate: z.string().includes('{}').optional(),
  captionsPerImage: z.strictObject({ least: count, mean: z.number(), most: count }).optional(),
  scripts: z.array(z.strictObject({ script: text, share })),
  notMirrored: count,
  examined: count,
  sizes: z.strictObject({ smallest: size, median: size, largest: size }).optional(),
  duplicates: z.strictObject({ nearDuplicates: count, straddling: count, leftOut: count }),
  tables: z.array(
    z.strictObject({
      path: text,
      columns: z.array(text),
      chosen: z.strictObject({
        image: text,
        text,
        kind: z.enum(['captions', 'classes']),
        split: text.optional(),
      }),
      rows: z.array(z.array(z.string())),
    }),
  ),
  texts: count,
  splits: z.record(z.string(), count),
  hasOwnTest: z.boolean(),
  skipped: z.array(z.strictObject({ file: text, reason: text })),
  credits: z.array(
    z.strictObject({
      name: text,
      author: text,
      licence: text,
      url: z.url(),
      heldOut: z.boolean(),
      images: count,
    }),
  ),
  samples: z.array(z.strictObject({ image: count, text: z.string() })),
});

export const imageRow: z.ZodType<ImageRow> = z.strictObject({
  index: count,
  path: text,
  texts: z.array(text),
  split: text.optional(),
});

const metrics = z
  .object({
    step: count,
    total: z.number(),
    learningRate: z.number(),
    imagesPerSecond: z.number().positive(),
  })
  .catchall(z.number());
const state = z.enum(['idle', 'loading', 'ready', 'running', 'paused', 'diverged', 'finished', 'failed']);
const progress = {
  type: z.literal('progress'),
  label: text,
  done: z.number().nonnegative(),
  total: z.number().nonnegative(),
  unit: text,
};

export const engineEvent: z.ZodType<EngineEvent> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('state'), run: text, state }),
  z.strictObject({ type: z.literal('step'), run: text, metrics }),
  z.strictObject({ type: z.literal('evaluation'), run: text, evaluation }),
  z.strictObject({ ...progress, run: text.optional() }),
  z.strictObject({ type: z.literal('notice'), run: text, message: sentence }),
  z.strictObject({ type: z.literal('problem'), run: text.optional(), message: sentence }),
  z.strictObject({ type: z.literal('moments'), run: text, steps: z.array(z.int()) }),
  z.strictObject({ type: z.literal('opening'), run: z.undefined().optional(), isOpening: z.boolean() }),
  z.strictObject({
    type: z.literal('data'),
    run: z.undefined().optional(),
    summary: dataSummary,
    changed: z.boolean(),
  }),
]);

export const teacherResult: z.ZodType<TeacherResult> = accuracy.extend({
  images: count,
  heldOut: z.boolean(),
});

export const stageEvent: z.ZodType<StageEvent> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('before'), result: teacherResult }),
  z.strictObject({ type: z.literal('step'), metrics }),
  z.strictObject(progress),
  z.strictObject({ type: z.literal('notice'), message: sentence }),
]);
