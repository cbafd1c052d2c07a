import type { VisionConfig } from '../clip/config';
import { Random } from '../files/random';
import type { HostTensor } from '../files/tensors';

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
