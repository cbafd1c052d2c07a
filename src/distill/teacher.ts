import * as tf from '@tensorflow/tfjs-core';
import type { Checkpoint } from '../clip/checkpoint';
import type { ClipConfig } from '../clip/config';
import { textFeatures, uploadTextTower } from '../clip/textTower';
import { loadTokenizer, textSizes } from '../clip/tokenizer';
import { imageFeatures } from '../clip/visionTower';
import { isVisionWeight, uploadWeights, type Weights } from '../clip/weights';
import { freeUnusedBuffers } from '../device/memory';
import type { Precision } from '../device/webgpu/half';
import { InputError, type OnProgress } from '../files/folder';
import { readTensor } from '../files/tensors';
import { yieldToEvents } from '../files/yieldToEvents';
import { l2Normalize } from '../ops/l2Normalize';
import { type TowerTensor, towerFeatures } from './towerInput';

/** The teacher on the device: its image tower, and what its text tower made of the texts. Nothing of it changes. */
export interface Teacher {
  config: ClipConfig;
  weights: Weights;
  /** W, its text features, [texts, d], L2-normalised. */
  W: tf.Tensor2D;
  /** s, exp(logit_scale). */
  s: number;
}

export interface TextOptions {
  onProgress?: OnProgress;
  /** Hears what the user should know though nothing fails: texts that were cut. */
  onNotice?: (message: string) => void;
  signal?: AbortSignal;
}

/** Texts that go through the text tower at once. */
const TEXT_BATCH = 64;
const TOKENIZED_AT_A_TIME = 1024;

/** Puts a teacher on the device and has it read the texts. */
export async function createTeacher(
  checkpoint: Checkpoint,
  texts: string[],
  options: TextOptions = {},
  precision: Precision = 'float32',
): Promise<Teacher> {
  const scale = await readTensor(checkpoint.tensors, 'logit_scale');
  if (!scale) throw new InputError(`${checkpoint.name} has no logit_scale, so it can't be a teacher.`);
  const W = await embedTexts(checkpoint, texts, options);
  const { onProgress, signal } = options;
  try {
    const weights = await uploadWeights(checkpoint.tensors, isVisionWeight, {
      precision,
      onProgress,
      signal,
    });
    return { config: checkpoint.config, weights, W, s: Math.exp(scale.data[0]) };
  } catch (error) {
    W.dispose();
    throw error;
  }
}

/** A checkpoint's features of texts, [texts, d], L2-normalised. Its text tower is on the device only meanwhile. */
export async function embedTexts(
  checkpoint: Checkpoint,
  texts: string[],
  { onProgress, onNotice, signal }: TextOptions,
): Promise<tf.Tensor2D> {
  const { name } = checkpoint;
  const { maxPositionEmbeddings: context } = textSizes(checkpoint);
  const tokenizer = await loadTokenizer(checkpoint);
  const ids = new Int32Array(texts.length * context);
  let cut = 0;
  for (let from = 0; from < texts.length; from += TOKENIZED_AT_A_TIME) {
    const tokenized = tokenizer.encode(texts.slice(from, from + TOKENIZED_AT_A_TIME));
    ids.set(tokenized.ids, from * context);
    cut += tokenized.truncated.length;
    await yieldToEvents();
    signal?.throwIfAborted();
  }
  if (cut > 0)
    onNotice?.(
      `${cut} of ${texts.length} texts are longer than the ${context} tokens that ${name} reads; their ends were cut off.`,
    );
  return embedTokens(checkpoint, ids, { onProgress, signal });
}

/** As `embedTexts`, of texts that are tokens already, [texts, context]. */
export async function embedTokens(
  checkpoint: Checkpoint,
  ids: Int32Array,
  { onProgress, signal }: Omit<TextOptions, 'onNotice'>,
): Promise<tf.Tensor2D> {
  const { config, tensors } = checkpoint;
  const { maxPositionEmbeddings: context } = textSizes(checkpoint);
  const total = ids.length / context;
  const tower = await uploadTextTower(tensors, ids, { onProgress, signal });
  const parts: tf.Tensor2D[] = [];
  try {
    for (let from = 0; from < total; from += TEXT_BATCH) {
      const batch = ids.subarray(from * context, (from + TEXT_BATCH) * context);
      const part = tf.tidy(() => l2Normalize(textFeatures(tower, config, batch)) as tf.Tensor2D);
      parts.push(part);
      // Reading back keeps the queue short, and events let in a cancel and what the page asks meanwhile.
      await part.data();
      await yieldToEvents();
      signal?.throwIfAborted();
      const done = Math.min(from + TEXT_BATCH, total);
      onProgress?.({ label: 'The teacher reads the texts', done, total, unit: 'texts' });
    }
    return tf.concat2d(parts, 0);
  } finally {
    tf.dispose([tower.weights, parts]);
    freeUnusedBuffers();
  }
}

/** u_t: the teacher's image features, [batch, d], L2-normalised. */
export function teacherInputFeatures({ weights, config }: Teacher, input: TowerTensor): tf.Tensor2D {
  return towerFeatures(input, (pixels) => l2Normalize(imageFeatures(weights, config, pixels)) as tf.Tensor2D);
}

/** Some of W's rows, by their indices, [texts], in this order; all of them where undefined. The caller disposes them. */
export function chosenTexts({ W }: Teacher, indices: tf.Tensor | undefined): tf.Tensor2D {
  return indices ? tf.gather(W, indices) : tf.clone(W);
}

export function disposeTeacher({ weights, W }: Teacher): void {
  tf.dispose([weights, W]);
}
