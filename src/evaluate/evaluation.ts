import * as tf from '@tensorflow/tfjs-core';
import type { ClipConfig } from '../clip/config';
import { logits } from '../distill/refinement';
import { type Student, studentInputFeatures, studentView } from '../distill/student';
import { chosenTexts, type Teacher, teacherInputFeatures } from '../distill/teacher';
import { type FeatureCache, type TowerInput, uploadInput } from '../distill/towerInput';
import { batchStatistics } from '../ops/batchStatistics';
import { largestOfRows, recallAt } from './ranking';
import type { Accuracy, Embeddings, Evaluation, FeatureStatistics, Guess } from './results';

/** The images that both models are asked about. */
export interface EvaluationSet {
  /** Indices into the data set's images. */
  images: number[];
  paths: string[];
  /** Each image's right texts, as positions among `texts`. */
  right: number[][];
  /** What the images are classified against, by names that the user knows: class names or captions. */
  texts: string[];
  /** Which of the teacher's texts these are; all where undefined. */
  textIndices?: Int32Array;
  heldOut: boolean;
}

/** Brings images to both towers, without augmentation. */
export type OpenImages = (images: number[]) => Promise<{ teacher: TowerInput; student: TowerInput }>;

/** Images that go through the towers at once. */
export const IMAGE_BATCH = 32;
const GUESSES = 5;
/** Images whose features are handed on: as many as a map shows, however large the test set is. */
const EMBEDDED = 400;

/**
 * Teacher and student on held-out images; the student's batch norm uses its running statistics.
 *
 * @param teacherFeatures remembers what the teacher makes of them
 */
export async function evaluate(
  teacher: Teacher,
  student: Student,
  set: EvaluationSet,
  open: OpenImages,
  teacherFeatures: FeatureCache,
): Promise<Omit<Evaluation, 'step'>> {
  const { textIndices } = set;
  const W = tf.tidy(() => chosenTexts(teacher, textIndices && tf.tensor1d(textIndices, 'int32')));
  const chunks: Chunk[] = [];
  try {
    for (let from = 0; from < set.images.length; from += IMAGE_BATCH) {
      const images = set.images.slice(from, from + IMAGE_BATCH);
      const chunk = look(teacher, student, W, images.length, await open(images));
      chunks.push(chunk);
      // Reading back here also lets commands in between two chunks.
      teacherFeatures.store(images, await chunk.u_t.data<'float32'>());
    }
    return await summarise(chunks, set, W, teacher.s);
  } finally {
    tf.dispose([W, ...chunks.map((chunk) => ({ ...chunk }))]);
  }
}

/** Both models' views of some images: features [images, d]; logits and attention [images, texts]. */
export interface Chunk {
  u_t: tf.Tensor;
  u_s: tf.Tensor;
  f_e: tf.Tensor;
  q_t: tf.Tensor;
  q_s: tf.Tensor;
  attention?: tf.Tensor;
}

/**
 * Both models on some images. The caller disposes all of it.
 *
 * @param W the texts' features, [texts, d], L2-normalised
 * @param count of images
 */
export function look(
  teacher: Teacher,
  student: Student,
  W: tf.Tensor2D,
  count: number,
  inputs: { teacher: TowerInput; student: TowerInput },
): Chunk {
  return tf.tidy(() => {
    const upload = (input: TowerInput, { vision }: ClipConfig) => uploadInput(input, count, vision.imageSize);
    const u_t = teacherInputFeatures(teacher, upload(inputs.teacher, teacher.config));
    const x = studentInputFeatures(student, upload(inputs.student, student.config));
    const { u_s, f_e, attention } = studentView(student, x, W);
    return { u_t, u_s, f_e, attention, q_t: logits(u_t, W, teacher.s), q_s: logits(f_e, W, teacher.s) };
  });
}

async function summarise(
  chunks: Chunk[],
  set: EvaluationSet,
  W: tf.Tensor2D,
  scale: number,
): Promise<Omit<Evaluation, 'step'>> {
  const joined = (part: (chunk: Chunk) => tf.Tensor | undefined) =>
    tf.concat(
      chunks.flatMap((chunk) => part(chunk) ?? []),
      0,
    );
  const q_t = (): tf.Tensor => joined((chunk) => chunk.q_t);
  const q_s = (): tf.Tensor => joined((chunk) => chunk.q_s);
  const [teacherLogits, studentLogits, teacher, student] = await Promise.all([
    read(q_t),
    read(q_s),
    read(() => tf.softmax(q_t())),
    read(() => tf.softmax(q_s())),
  ]);
  const attends = chunks.some((chunk) => chunk.attention);
  const attention = attends ? await read(() => joined((chunk) => chunk.attention)) : new Float32Array();
  const [teacherBest, studentBest] = [teacher, student].map((p) =>
    largestOfRows(p, set.texts.length, GUESSES),
  );
  return {
    images: set.images.length,
    heldOut: set.heldOut,
    teacher: accuracy(teacherBest, set.right),
    student: accuracy(studentBest, set.right),
    agreement: agreement(teacherBest, studentBest),
    predictions: set.images.map((image, row) => ({
      image,
      path: set.paths[row],
      truth: set.right[row].map((text) => set.texts[text]),
      teacher: guesses(teacherBest[row], rowOf(teacher, row, set), set.texts),
      student: guesses(studentBest[row], rowOf(student, row, set), set.texts),
      attention: attends ? rowOf(attention, row, set).slice() : attention,
    })),
    logits: { texts: set.texts, scale, teacher: teacherLogits, student: studentLogits },
    features: await featureStatistics(
      () => joined((chunk) => chunk.u_t),
      () => joined((chunk) => chunk.u_s),
    ),
    embeddings: await embeddings(chunks, W),
  };
}

async function embeddings(chunks: Chunk[], W: tf.Tensor2D): Promise<Embeddings> {
  const first = chunks.slice(0, Math.ceil(EMBEDDED / IMAGE_BATCH));
  const rows = (part: (chunk: Chunk) => tf.Tensor) =>
    read(() => {
      const all = tf.concat(first.map(part), 0);
      return tf.slice(all, 0, Math.min(EMBEDDED, all.shape[0]));
    });
  const [teacher, student, texts] = await Promise.all([
    rows((chunk) => chunk.u_t),
    rows((chunk) => chunk.u_s),
    W.data<'float32'>(),
  ]);
  return { dimension: W.shape[1], teacher, student, texts };
}

async function featureStatistics(u_t: () => tf.Tensor, u_s: () => tf.Tensor): Promise<FeatureStatistics> {
  const [teacherMean, studentMean, teacherVariance, studentVariance] = await Promise.all([
    read(() => batchStatistics(u_t()).mean),
    read(() => batchStatistics(u_s()).mean),
    read(() => batchStatistics(u_t()).variance),
    read(() => batchStatistics(u_s()).variance),
  ]);
  return { teacherMean, studentMean, teacherVariance, studentVariance };
}

async function read(compute: () => tf.Tensor): Promise<Float32Array> {
  const tensor = tf.tidy(compute);
  const values = await tensor.data<'float32'>();
  tensor.dispose();
  return values;
}

function rowOf(values: Float32Array, row: number, { texts }: EvaluationSet): Float32Array {
  return values.subarray(row * texts.length, (row + 1) * texts.length);
}

function accuracy(best: number[][], right: number[][]): Accuracy {
  return { top1: recallAt(1, best, right), top5: recallAt(5, best, right) };
}

function agreement(a: number[][], b: number[][]): number {
  return a.filter(([first], i) => first === b[i][0]).length / a.length;
}

function guesses(best: number[], probabilities: Float32Array, texts: string[]): Guess[] {
  return best.map((text) => ({ text: texts[text], probability: probabilities[text] }));
}
