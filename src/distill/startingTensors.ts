import type { Checkpoint } from '../clip/checkpoint';
import { isVisionWeight } from '../clip/weights';
import { chosenFrom, inMemory, overlay, type TensorSource } from '../files/tensors';
import { checkHeads, initialHeads } from './heads';
import type { TrainedParameters } from './options';
import { checkPrompts, initialPrompts } from './prompts';
import type { TensorFile } from './tensorFile';

/** Where a student starts from. */
export interface StudentStart {
  student: Checkpoint;
  /** Projector, EduAttention and, from a run that trained them, prompts; random ones where undefined. */
  heads?: TensorFile;
  /** Deep visual prompts; those of `heads`, or random ones, where undefined. */
  prompts?: TensorFile;
}

/**
 * A student's tensors before the first step: image tower, heads and, if they are to be trained, prompts.
 *
 * @param d features of the teacher
 * @throws InputError where given tensors don't fit the models
 */
export function startingTensors(
  { student, heads, prompts }: StudentStart,
  d: number,
  parameters: TrainedParameters,
  seed: number,
): TensorSource {
  const { config, tensors } = student;
  const start = heads
    ? checkHeads(heads, config.projectionDim, d)
    : initialHeads(config.projectionDim, d, seed);
  if (parameters === 'prompts') {
    const file = prompts ?? (heads && 'prompts' in heads.tensors ? heads : undefined);
    start['prompts'] = file ? checkPrompts(file, config.vision) : initialPrompts(config.vision, seed);
  }
  return overlay(chosenFrom(tensors, isVisionWeight), inMemory(start));
}
