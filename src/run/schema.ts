import { z } from 'zod';

/** A run file (the shared description of a run): what the page exports, a link carries and the command line reproduces. */
const student = z.union([
  z.string(),
  z.strictObject({ config: z.record(z.string(), z.unknown()), seed: z.int().default(0) }),
]);

export const runSchema = z.strictObject({
  teacher: z.string().default('demo'),
  student: student.default('demo'),
  data: z.string().default('demo'),
  heads: z.string().optional(),
  prompts: z.string().optional(),
  method: z.enum(['comkd', 'promptkd', 'none']).default('comkd'),
  loss: z
    .strictObject({
      ifAlign: z.boolean().default(true),
      eduAttention: z.boolean().default(true),
      refine: z.boolean().default(true),
      alignWeight: z.number().nonnegative().default(1),
      kdWeight: z.number().nonnegative().default(1),
      temperature: z.number().positive().default(1),
      reduction: z.enum(['mean', 'sum']).default('mean'),
      maxTexts: z.int().positive().default(1024),
    })
    .prefault({}),
  train: z
    .strictObject({
      parameters: z.enum(['prompts', 'full', 'heads']).optional(),
      optimizer: z.enum(['adamw', 'sgd']).default('adamw'),
      learningRate: z.number().positive().default(1e-3),
      weightDecay: z.number().nonnegative().default(0.01),
      momentum: z.number().min(0).max(1).default(0.9),
      batchSize: z.int().positive().default(32),
      steps: z.int().positive().optional(),
      epochs: z.number().positive().optional(),
      schedule: z.enum(['constant', 'cosine']).default('cosine'),
      warmupSteps: z.int().nonnegative().default(0),
      shuffle: z.boolean().default(true),
      augment: z.enum(['none', 'crop-flip']).default('crop-flip'),
      seed: z.int().default(0),
    })
    .prefault({}),
});

/** A run file with every default filled in. */
export type Run = z.infer<typeof runSchema>;
