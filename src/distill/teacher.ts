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
import { type HostTensor, readTensor } from '../files/tensors';
import { yieldToEvents } from '../files/yieldToEvents';
import { l2Normalize } from '../ops/l2Normalize';
import { type TowerTensor, towerFeatures } from './towerInput';

/**
 * The teacher on the device: its image tower, with its `prompts` where it is adapted, and what its text tower made of
 * the texts. Nothing of it changes.
 */
export interface Teacher {
  config: ClipConfig;
  weights: Weights;
  /** W, its text features, [texts, d], L2-normalised. */
  W: tf.Tensor2D;
  /** s, exp(logit_scale). */
  s: number;
}

/** What adapts a teacher to its data (PromptSRC): deep prompts in both towers. */
export interface TeacherPrompts {
  /** Appended after the patches, [depth, n, width of the image tower]. */
  visual: HostTensor;
  /** In the place of the first n tokens of each class text, [depth, n, width of the text tower]. */
  text: HostTensor;
  /** What stands before a class name. */
  words: string;
}

/** A tower's deep prompts on the device, [depth, n, width]. */
export const promptTensor = ({ data, shape }: HostTensor): tf.Tensor3D =>
  tf.tensor3d(data, shape as [number, number, number]);

/** What of a checkpoint reads texts. */
export type TextSource = Pick<Checkpoint, 'name' | 'config' | 'tensors' | 'tokenizerFiles' | 'cleansTexts'>;

export interface TextOptions {
  onProgress?: OnProgress;
  /** Hears what the user should know though nothing fails: texts that were cut. */
  onNotice?: (message: string) => void;
  signal?: AbortSignal;
}

/** Texts that go through the text tower at once. */
const TEXT_BATCH = 64;
const TOKENIZED_AT_A_TIME = 1024;

/**
 * Puts a teacher on the device and has it read the texts.
 *
 * @param prompts of an adapted teacher
 */
export async function createTeacher(
  checkpoint: Checkpoint,
  texts: string[],
  options: TextOptions = {},
  precision: Precision = 'float32',
  prompts?: TeacherPrompts,
): Promise<Teacher> {
  const scale = await readTensor(checkpoint.tensors, 'logit_scale');
  if (!scale) throw new InputError(`${checkpoint.name} has no logit_scale, so it can't be a teacher.`);
  const W = await embedTexts(checkpoint, texts, options, prompts?.text);
  const { onProgress, signal } = options;
  try {
    const weights = await uploadWeights(checkpoint.tensors, isVisionWeight, {
      precision,
      onProgress,
      signal,
    });
    if (prompts) weights['prompts'] = promptTensor(prompts.visual);
    return { config: checkpoint.config, weights, W, s: Math.exp(scale.data[0]) };
  } catch (error) {
    W.dispose();
    throw error;
  }
}

/**
 * A checkpoint's features of texts, [texts, d], L2-normalised. Its text tower is on the device only meanwhile.
 *
 * @param prompts of an adapted text tower
 */
export async function embedTexts(
  checkpoint: Checkpoint,
  texts: string[],
  options: TextOptions,
  prompts?: HostTensor,
): Promise<tf.Tensor2D> {
  return embedTokens(checkpoint, await tokenise(checkpoint, texts, options), options, prompts);
}

/** Texts as a checkpoint's text tower takes them, [texts, context]. */
export async function tokenise(
  checkpoint: Checkpoint,
  texts: string[],
  { onNotice, signal }: TextOptions,
): Promise<Int32Array> {
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
  return ids;
}

/** As `embedTexts`, of texts that are tokens already, [texts, context]. */
export async function embedTokens(
  checkpoint: TextSource,
  ids: Int32Array,
  options: Omit<TextOptions, 'onNotice'>,
  prompts?: HostTensor,
): Promise<tf.Tensor2D> {
  const features = await encodeTokens(checkpoint, ids, options, prompts);
  const W = l2Normalize(features) as tf.Tensor2D;
  features.dispose();
  return W;
}

/** As `embedTokens`, but not normalised. */
export async function encodeTokens(
  checkpoint: TextSource,
  ids: Int32Array,
  { onProgress, signal }: Omit<TextOptions, 'onNotice'>,
  prompts?: HostTensor,
): Promise<tf.Tensor2D> {
  const { config, tensors } = checkpoint;
  const { maxPositionEmbeddings: context } = textSizes(checkpoint);
  const total = ids.length / context;
  const tower = await uploadTextTower(tensors, ids, { onProgress, signal });
  const deepPrompts = prompts && promptTensor(prompts);
  const parts: tf.Tensor2D[] = [];
  try {
    for (let from = 0; from < total; from += TEXT_BATCH) {
      const batch = ids.subarray(from * context, (from + TEXT_BATCH) * context);
      const part = textFeatures(tower, config, batch, { prompts: deepPrompts });
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
    tf.dispose([tower.weights, parts, deepPrompts ?? []]);
    freeUnusedBuffers();
  }
}

/** u_t: the teacher's image features, [batch, d], L2-normalised. */
export function teacherInputFeatures({ weights, config }: Teacher, input: TowerTensor): tf.Tensor2D {
  const prompts = weights['prompts'] as tf.Tensor3D | undefined;
  return towerFeatures(
    input,
    (pixels) => l2Normalize(imageFeatures(weights, config, pixels, { prompts })) as tf.Tensor2D,
  );
}

/** Some of W's rows, by their indices, [texts], in this order; all of them where undefined. The caller disposes them. */
export function chosenTexts({ W }: Teacher, indices: tf.Tensor | undefined): tf.Tensor2D {
  return indices ? tf.gather(W, indices) : tf.clone(W);
}

export function disposeTeacher({ weights, W }: Teacher): void {
  tf.dispose([weights, W]);
}
