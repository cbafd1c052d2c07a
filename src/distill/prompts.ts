import type { VisionConfig } from '../clip/config';
import { InputError } from '../files/folder';
import { Random } from '../files/random';
import type { HostTensor } from '../files/tensors';
import type { TensorFile } from './tensorFile';

const TOKENS = 4;
const MAX_DEPTH = 9;
const STANDARD_DEVIATION = 0.02;

/**
 * Deep visual prompts (PromptSRC, PromptKD): 4 learned tokens in each of the first min(9, layers) layers, N(0, 0.02²).
 *
 * @returns [depth, tokens, hidden size]
 */
export function initialPrompts(vision: VisionConfig, seed: number): HostTensor {
  const random = Random.keyed(seed, 1);
  const shape = [Math.min(MAX_DEPTH, vision.numHiddenLayers), TOKENS, vision.hiddenSize];
  const size = shape.reduce((a, b) => a * b, 1);
  return { shape, data: Float32Array.from({ length: size }, () => STANDARD_DEVIATION * random.normal()) };
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
