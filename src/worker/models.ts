import type { Checkpoint } from '../clip/checkpoint';
import type { ClipConfig } from '../clip/config';
import { modelCost } from '../clip/cost';
import type { Run } from '../run/schema';
import type { ModelSizes, ModelSummary, Role } from './api';

const bytesPerValue: Record<string, number> = { F16: 2, BF16: 2, F32: 4 };

/** What the page tells of a model. */
export function summariseModel(
  { name, config, dtype }: Checkpoint,
  initialisation: ModelSummary['initialisation'],
): ModelSummary {
  const sizes = sizesOf(config);
  return { name, ...sizes, bytes: sizes.parameters * (bytesPerValue[dtype] ?? 4), initialisation };
}

export function sizesOf(config: ClipConfig): ModelSizes {
  const { imageSize, patchSize, numHiddenLayers, hiddenSize, numAttentionHeads } = config.vision;
  return {
    description: `ViT ${imageSize}/${patchSize}, ${numHiddenLayers} × ${hiddenSize}`,
    ...modelCost(config),
    layers: numHiddenLayers,
    width: hiddenSize,
    heads: numAttentionHeads,
    projectionDim: config.projectionDim,
  };
}

export function initialisationOf(student: Run['student']): ModelSummary['initialisation'] {
  if (typeof student === 'string') return 'checkpoint';
  return 'config' in student ? 'random' : 'cut';
}

/** 'demo teacher, ViT 64/8, 6 × 128'. */
const nameOf = ({ name, description }: ModelSummary): string => `${name}, ${description}`;

export const namesOf = (models: Record<Role, ModelSummary>): Record<Role, string> => ({
  teacher: nameOf(models.teacher),
  student: nameOf(models.student),
});

/** Of a checkpoint of a student in training, about: its weights, and AdamW's two moments of them. */
export const checkpointBytes = ({ imageParameters }: ModelSummary): number => 12 * imageParameters;
