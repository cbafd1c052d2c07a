import { methods } from '../../src/distill/methods/methods';
import type { AttentionMap, AttentionMaps, Embeddings, Evaluation, Guess } from '../../src/evaluate/results';
import { Random } from '../../src/files/random';
import type { SettledRun } from '../../src/run/settle';
import type { StepMetrics } from '../../src/train/events';
import { learningRateAt } from '../../src/train/schedule';
import type { DataSummary } from '../../src/worker/api';

const invented = new Random(7);
const normal = () => invented.normal();

const asked = new URLSearchParams(globalThis.location?.search);
/** Steps a second. */
export const speed = Number(asked.get('speed') ?? 20);
const fewImages = asked.has('images') ? Number(asked.get('images')) : undefined;
const hasDiverged = asked.has('diverged');

/** The teacher's s. */
export const SCALE = 20;

/** How much (0..1) a student has learned after so many steps. */
export const shareLearned = (step: number): number => 1 - Math.exp(-step / 120);

/** A step's figures: those that its method has. */
export function metricsAt(step: number, { method, train }: SettledRun): StepMetrics {
  const decay = (from: number, to: number, pace: number) =>
    (to + (from - to) * Math.exp((-pace * step) / 100)) * (1 + 0.05 * normal());
  const { terms } = methods[method];
  const [mean, variance, kl] = [decay(0.06, 0.014, 2), decay(0.011, 0.0026, 1), decay(2.2, 0.35, 1.6)];
  const known: Record<string, number> = { mean, variance, kl, alpha: 0.31 * (1 - Math.exp(-step / 200)) };
  const figures = Object.keys(terms).map((name) => [name, known[name] ?? decay(3, 0.4, 1.5)]);
  return {
    ...Object.fromEntries(figures),
    ...('mean' in terms && { align: mean + variance }),
    step,
    total: mean + variance + kl,
    learningRate: learningRateAt(step - 1, train),
    imagesPerSecond: train.batchSize * speed * (1 + 0.04 * normal()),
  };
}

/** Images that are held out, or where there are none, those to train on. */
export function heldOutOf({ splits, training }: DataSummary) {
  const { test } = splits;
  return { heldOut: test !== undefined, all: test ?? training.images };
}

/** Both models after so many steps: a teacher that is right and a student that learns to be. */
export function evaluate(step: number, run: SettledRun, data: DataSummary): Evaluation {
  const learned = shareLearned(step);
  const { heldOut, all } = heldOutOf(data);
  const images = fewImages ?? Math.min(all, 48);
  const texts = data.classes;
  const features = (centre: number, spread: number) =>
    Float32Array.from({ length: 128 }, () => centre + spread * normal());
  const variance = (centre: number) =>
    Float32Array.from({ length: 128 }, () => Math.abs(centre + centre * 0.4 * normal()));
  const logits = {
    teacher: logitsOf(images, texts.length, 5),
    student: logitsOf(images, texts.length, 4.4 * learned),
  };
  const hasEdu = methods[run.method].hasEduAttention?.(run.loss) ?? false;
  return {
    step,
    images,
    heldOut,
    teacher: { top1: 0.775, top5: 0.95 },
    student: { top1: 0.1 + 0.6 * learned + 0.02 * Math.tanh(normal()), top5: 0.25 + 0.6 * learned },
    agreement: 0.1 + 0.6 * learned,
    predictions: Array.from({ length: images }, (_, image) => ({
      image,
      path: `test/${image}.png`,
      truth: [texts[image % texts.length]],
      teacher: guesses(texts, logits.teacher, image),
      student: guesses(texts, logits.student, image),
      attention: hasEdu ? attentionOver(texts.length) : new Float32Array(),
    })),
    logits: { texts, scale: SCALE, ...logits },
    features: {
      teacherMean: features(0, 0.05),
      studentMean: features(0.02 * (1 - learned), 0.03 + 0.02 * learned),
      teacherVariance: variance(0.006),
      studentVariance: variance(0.002 + 0.004 * learned),
    },
    embeddings: embeddings(learned, images, texts.length),
  };
}

const logitsOf = (images: number, texts: number, sharpness: number): Float32Array =>
  Float32Array.from({ length: images * texts }, (_, i) => {
    const isRight = Math.floor(i / texts) % texts === i % texts;
    return normal() + (isRight ? sharpness : 0);
  });

function guesses(texts: string[], logits: Float32Array, image: number): Guess[] {
  const scores = [...logits.subarray(image * texts.length, (image + 1) * texts.length)].map(Math.exp);
  const sum = scores.reduce((a, b) => a + b, 0);
  return texts
    .map((text, i) => ({ text, probability: scores[i] / sum }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, 5);
}

function attentionOver(texts: number): Float32Array {
  const weights = Float32Array.from({ length: texts }, () => invented.uniform() ** 3);
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/** Where both towers look: around a place, the teacher's sharper. */
export const attentionMaps = (image: number): AttentionMaps => ({
  teacher: attentionAround(8, 0.35 + 0.02 * (image % 10), 0.4, 14),
  student: attentionAround(4, 0.5, 0.5, 4),
});

function attentionAround(grid: number, x: number, y: number, sharpness: number): AttentionMap {
  const weights = Float32Array.from({ length: grid * grid }, (_, i) =>
    Math.exp(-sharpness * (((i % grid) / grid - x) ** 2 + (Math.floor(i / grid) / grid - y) ** 2)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return { grid, weights: weights.map((weight) => (0.9 * weight) / sum) };
}

/** A place for each text, images of the teacher around theirs, and a student that leaves one place for all of them. */
function embeddings(learned: number, images: number, texts: number): Embeddings {
  const random = new Random(3);
  const row = (from: number[], spread: number) => {
    const all = from.map((value) => value + spread * random.normal());
    const length = Math.hypot(...all);
    return all.map((value) => value / length);
  };
  const origin = Array<number>(32).fill(0);
  const centres = Array.from({ length: texts }, () => row(origin, 1));
  const start = row(origin, 1);
  const teacher = Array.from({ length: images }, (_, i) => row(centres[i % texts], 0.1));
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
