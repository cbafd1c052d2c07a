import * as tf from '@tensorflow/tfjs-core';
import { baseClassCount } from '../data/splits/baseClasses';
import { harmonicMean, largestOfRows, recallAt } from './ranking';

/** Shares (0..1) of queries with a right answer among their first 1, 5 and 10; undefined where none has any. */
interface Recall {
  r1?: number;
  r5?: number;
  r10?: number;
}

/** What a model makes of a whole data set; all shares are 0..1. */
export interface DatasetResults {
  images: number;
  /** Zero-shot accuracy among all texts, of the labelled images; undefined where there are none. */
  top1?: number;
  top5?: number;
  /** For classes, base-to-new: top-1 of the base classes among themselves, and of the new ones. */
  base?: number;
  new?: number;
  harmonicMean?: number;
  /** For captions, retrieval. */
  imageToText?: Recall;
  textToImage?: Recall;
}

/** Queries that are compared with all candidates at once. */
const QUERY_BATCH = 64;

/**
 * @param F image features, [images, d], L2-normalised
 * @param W text features, [texts, d], L2-normalised
 * @param right each image's right texts
 * @param areClasses the texts are classes in label order, not captions
 */
export async function datasetResults(
  F: tf.Tensor2D,
  W: tf.Tensor2D,
  right: number[][],
  areClasses: boolean,
): Promise<DatasetResults> {
  const imageToText = await retrieve(F, W, right);
  const common = { images: right.length, top1: imageToText.r1, top5: imageToText.r5 };
  if (areClasses) return { ...common, ...(await baseToNew(F, W, right)) };
  const imagesOf: number[][] = Array.from({ length: W.shape[0] }, () => []);
  for (const [image, texts] of right.entries()) for (const text of texts) imagesOf[text].push(image);
  const asked = [...imagesOf.keys()].filter((text) => imagesOf[text].length > 0);
  const queries = tf.tidy(() => tf.gather(W, tf.tensor1d(asked, 'int32')));
  const textToImage = await retrieve(
    queries,
    F,
    asked.map((text) => imagesOf[text]),
  );
  queries.dispose();
  return { ...common, imageToText, textToImage };
}

/** Ranks all candidates for each query by similarity. */
async function retrieve(queries: tf.Tensor2D, candidates: tf.Tensor2D, right: number[][]): Promise<Recall> {
  const [count, d] = queries.shape;
  const found: number[][] = [];
  for (let from = 0; from < count; from += QUERY_BATCH) {
    const size = Math.min(QUERY_BATCH, count - from);
    const scores = tf.tidy(() => tf.matMul(tf.slice(queries, [from, 0], [size, d]), candidates, false, true));
    found.push(...largestOfRows(Float32Array.from(await scores.data()), candidates.shape[0], 10));
    scores.dispose();
  }
  return { r1: recallAt(1, found, right), r5: recallAt(5, found, right), r10: recallAt(10, found, right) };
}

async function baseToNew(F: tf.Tensor2D, W: tf.Tensor2D, right: number[][]) {
  const [classes] = W.shape;
  const middle = baseClassCount(classes);
  const base = await accuracyAmong(F, W, right, 0, middle);
  const fresh = await accuracyAmong(F, W, right, middle, classes);
  if (base === undefined || fresh === undefined) return {};
  return { base, new: fresh, harmonicMean: harmonicMean(base, fresh) };
}

/** Top-1 accuracy of the images of classes `from` up to before `to` among these; undefined where there are none. */
async function accuracyAmong(F: tf.Tensor2D, W: tf.Tensor2D, right: number[][], from: number, to: number) {
  const rows = [...right.keys()].filter((image) => right[image].some((text) => text >= from && text < to));
  if (rows.length === 0) return undefined;
  const queries = tf.tidy(() => tf.gather(F, tf.tensor1d(rows, 'int32')));
  const candidates = tf.slice(W, [from, 0], [to - from, W.shape[1]]);
  const { r1 } = await retrieve(
    queries,
    candidates,
    rows.map((image) => right[image].map((text) => text - from)),
  );
  tf.dispose([queries, candidates]);
  return r1;
}
