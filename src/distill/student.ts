import * as tf from '@tensorflow/tfjs-core';
import type { ClipConfig } from '../clip/config';
import { imageFeatures } from '../clip/visionTower';
import { isVisionWeight, packedAttention, trainedIn, uploadWeights, type Weights } from '../clip/weights';
import { createVariables, disposeVariables, type Variables } from '../device/variables';
import { chosenFrom, type TensorSource } from '../files/tensors';
import { eduAttention } from './eduattention';
import { RUNNING_MEAN, RUNNING_VARIANCE } from './heads';
import type { TrainedParameters } from './options';
import { project } from './projector';
import { type TowerTensor, towerFeatures } from './towerInput';

/** Statistics that the batch norm keeps; no gradient goes to them. */
const RUNNING_STATISTICS = [RUNNING_MEAN, RUNNING_VARIANCE];

/** A student on the device. */
export interface Student {
  config: ClipConfig;
  /** Image tower, heads and, where it has them, `prompts`; what training changes are variables. */
  weights: Weights;
  /** What gradients go to. */
  trained: Variables;
  /** The batch norm's running statistics. */
  statistics: Variables;
  /** Whether EduAttention stands between its projector and the logits. */
  eduAttention: boolean;
}

/** Puts a student's tensors (image tower, heads, prompts, a method's scalars) on the device. */
export async function createStudent(
  config: ClipConfig,
  tensors: TensorSource,
  parameters: TrainedParameters,
  eduAttention: boolean,
): Promise<Student> {
  const isTrained = (name: string) => {
    if (RUNNING_STATISTICS.includes(name)) return false;
    if (isVisionWeight(name)) return parameters === 'full';
    return eduAttention || !name.startsWith('edu.');
  };
  const choose = (isChosen: (name: string) => boolean) =>
    createVariables(packedAttention(chosenFrom(tensors, isChosen)));
  const isStatistic = (name: string) => RUNNING_STATISTICS.includes(name);
  const trained = await choose(isTrained);
  const statistics = await choose(isStatistic);
  try {
    const frozen = await uploadWeights(tensors, (name) => !isTrained(name) && !isStatistic(name));
    const weights = { ...frozen, ...trained.byName, ...statistics.byName };
    return { config, weights, trained, statistics, eduAttention };
  } catch (error) {
    disposeVariables(trained);
    disposeVariables(statistics);
    throw error;
  }
}

export function disposeStudent({ weights, trained, statistics }: Student): void {
  tf.dispose(weights);
  disposeVariables(trained);
  disposeVariables(statistics);
}

/**
 * f_I^s: the image tower's features, [batch, d_s], not normalised.
 *
 * @param recompute the backward pass computes the tower's layers again, to save memory
 */
export function studentInputFeatures(
  { weights, config }: Student,
  input: TowerTensor,
  recompute = false,
): tf.Tensor2D {
  const prompts = weights['prompts'] as tf.Tensor3D | undefined;
  return towerFeatures(
    input,
    (pixels) => imageFeatures(weights, config, pixels, { prompts, recompute }),
    trainedIn(weights, (name) => isVisionWeight(name) || name === 'prompts'),
  );
}

export interface StudentView {
  /** After the projector, [batch, d], L2-normalised. */
  u_s: tf.Tensor;
  /** What is compared with the texts, [batch, d], L2-normalised. */
  f_e: tf.Tensor;
  /** EduAttention's weights over the texts, [batch, texts]; undefined without it. */
  attention?: tf.Tensor;
}

/**
 * The student at inference: image tower → P → EduAttention, with the batch norm's running statistics.
 *
 * @param x the image tower's features, [batch, d_s]
 * @param W the teacher's text features, [texts, d], L2-normalised
 */
export function studentView(
  { weights, eduAttention: attends }: Student,
  x: tf.Tensor,
  W: tf.Tensor,
): StudentView {
  const { features: u_s } = project(weights, x, false);
  if (!attends) return { u_s, f_e: u_s };
  const { features, weights: attention } = eduAttention(weights, u_s, W);
  return { u_s, f_e: features, attention };
}
