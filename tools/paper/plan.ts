import type { z } from 'zod';
import type { AdaptSettings } from '../../src/run/adaptSchema';
import type { runSchema } from '../../src/run/schema';
import type { ResearchSet } from './sets';

type RunFile = z.input<typeof runSchema>;

/** The models of the paper's main table, from where the hub has them as safetensors. */
export const TEACHER = 'openai/clip-vit-large-patch14';
export const STUDENT = 'timm/vit_base_patch16_clip_224.openai';

/** The methods that the table has a line of. */
export const compared = ['comkd', 'promptkd'] as const;
export type Compared = (typeof compared)[number];

export const EPOCHS = 20;
export const BATCH = 8;

/** What all runs are made from. */
export interface Models {
  teacher: string;
  student: string;
}

/** Stage I, as PromptKD's configuration for ViT-L/14 has it: 16 labelled images of each base class. */
export const stageOne = (models: Models, data: string, seed: number): AdaptSettings => ({
  teacher: models.teacher,
  data,
  dataOptions: { shots: 16, seed },
  classes: 'base',
  train: { learningRate: 0.005, batchSize: BATCH, epochs: EPOCHS, seed },
});

/** Stage II on unlabelled images of all classes; the student's prompts, projector and EduAttention learn (PromptKD's optimiser). */
export function stageTwo(
  method: Compared,
  models: Models,
  set: ResearchSet,
  data: string,
  teacherPrompts: string,
  seed: number,
): RunFile {
  return {
    ...models,
    data,
    dataOptions: { labelsPerClass: 0 },
    teacherPrompts,
    method,
    // As PromptKD's code divides its KL by the texts too.
    loss: { kdWeight: (set.scale ?? 1000) / set.classes },
    train: {
      parameters: 'prompts',
      optimizer: 'sgd',
      learningRate: 0.005,
      momentum: 0.9,
      weightDecay: 5e-4,
      batchSize: BATCH,
      epochs: EPOCHS,
      schedule: 'cosine',
      warmupSteps: Math.floor(set.train / BATCH),
      augment: 'crop-flip',
      seed,
    },
  };
}
