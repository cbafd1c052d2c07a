import type { Checkpoint } from '../clip/checkpoint';
import { isVisionWeight } from '../clip/weights';
import type { ModelSummary } from './api';

const bytesPerValue: Record<string, number> = { F16: 2, BF16: 2, F32: 4 };

/** What the page tells of a model. */
export function summariseModel(
  checkpoint: Checkpoint,
  initialisation: ModelSummary['initialisation'],
): ModelSummary {
  const { name, config, tensors, dtype } = checkpoint;
  const { imageSize, patchSize, numHiddenLayers, hiddenSize } = config.vision;
  const count = (belongs: (name: string) => boolean) =>
    Object.entries(tensors).reduce((sum, [key, { data }]) => sum + (belongs(key) ? data.length : 0), 0);
  const parameters = count(() => true);
  return {
    name,
    description: `ViT ${imageSize}/${patchSize}, ${numHiddenLayers} × ${hiddenSize}`,
    imageParameters: count(isVisionWeight),
    parameters,
    bytes: parameters * (bytesPerValue[dtype] ?? 4),
    initialisation,
  };
}
