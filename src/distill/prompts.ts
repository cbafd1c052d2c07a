import type { TowerConfig, VisionConfig } from '../clip/config';
import { InputError } from '../files/folder';
import { Random } from '../files/random';
import { elementCount, type HostTensor } from '../files/tensors';
import type { TensorFile } from './tensorFile';

const TOKENS = 4;
const MAX_DEPTH = 9;
const STANDARD_DEVIATION = 0.02;

/** A student's deep visual prompts at the start: as PromptSRC and PromptKD have them, 4 tokens in the first 9 layers. */
export function initialPrompts(vision: VisionConfig, seed: number): HostTensor {
  return drawPrompts(Random.keyed(seed, 1), vision, MAX_DEPTH, TOKENS);
}

/**
 * Deep prompts: learned tokens in each of the first min(depth, layers) layers of a tower, N(0, 0.02²).
 *
 * @returns [min(depth, layers), tokens, hidden size]
 */
export function drawPrompts(random: Random, tower: TowerConfig, depth: number, tokens: number): HostTensor {
  const shape = [Math.min(depth, tower.numHiddenLayers), tokens, tower.hiddenSize];
  const data = Float32Array.from({ length: elementCount(shape) }, () => STANDARD_DEVIATION * random.normal());
  return { shape, data };
}

/**
 * Takes the prompts out of a file's tensors.
 *
 * @throws InputError where they are missing or don't fit the tower
 */
export function checkPrompts({ name: file, tensors }: TensorFile, vision: VisionConfig): HostTensor {
  const { prompts } = tensors;
  const [depth = 0, , width, ...more] = prompts?.shape ?? [];
  if (prompts && depth <= vision.numHiddenLayers && width === vision.hiddenSize && more.length === 0)
    return prompts;
  const found = prompts ? `has the shape [${prompts.shape}]` : 'is missing';
  throw new InputError(
    `${file}: the tensor prompts ${found}; for this student it must be ` +
      `[at most ${vision.numHiddenLayers} layers, tokens, ${vision.hiddenSize}].`,
  );
}
