import type { Checkpoint } from '../clip/checkpoint';
import { isVisionWeight } from '../clip/weights';
import { InputError } from '../files/folder';
import { chosenFrom, type HostTensor, inMemory, overlay, type TensorSource } from '../files/tensors';
import { checkHeads, initialHeads } from './heads';
import type { LearnedScalar } from './methods/method';
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
 * A student's tensors before the first step: image tower, heads and, if they are to be trained, prompts and scalars.
 *
 * @param d features of the teacher
 * @param scalars of the method
 * @throws InputError where given tensors don't fit the models
 */
export function startingTensors(
  { student, heads, prompts }: StudentStart,
  d: number,
  parameters: TrainedParameters,
  seed: number,
  scalars: Readonly<Record<string, LearnedScalar>> = {},
): TensorSource {
  const { config, tensors } = student;
  const start = heads
    ? checkHeads(heads, config.projectionDim, d)
    : initialHeads(config.projectionDim, d, seed);
  if (parameters === 'prompts') {
    const file = prompts ?? (heads && 'prompts' in heads.tensors ? heads : undefined);
    start['prompts'] = file ? checkPrompts(file, config.vision) : initialPrompts(config.vision, seed);
  }
  for (const [name, scalar] of Object.entries(scalars))
    if (!tensors.shapes.has(name)) start[name] = startingScalar(name, scalar, heads);
  const own = chosenFrom(tensors, (name) => isVisionWeight(name) || name in scalars);
  return overlay(own, inMemory(start));
}

function startingScalar(name: string, { start }: LearnedScalar, heads: TensorFile | undefined): HostTensor {
  const given = heads?.tensors[name];
  if (given && given.data.length !== 1)
    throw new InputError(`${heads.name}: ${name} has the shape [${given.shape}]; it must be one number.`);
  return { shape: [], data: given?.data ?? Float32Array.of(start) };
}
