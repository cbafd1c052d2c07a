import { z } from 'zod';
import { DEFAULT_WORDS } from '../distill/promptsrc/prompts';
import { templates } from '../distill/promptsrc/templates';
import { parseJson } from '../files/json';
import type { AdaptationInputs } from '../train/adaptation';
import { adaptDefaults } from './adaptDefaults';
import { dataOptions, place, template } from './schema';

/** A run file of Stage I; its defaults are PromptSRC's. */
const adaptSchema = z.strictObject({
  teacher: place.default('demo'),
  data: place.default('demo'),
  dataOptions: dataOptions.optional(),
  /** 'base': as base-to-new asks, only the first half of the classes. */
  classes: z.enum(['all', 'base']).default('all'),
  prompts: place.optional(),
  promptTokens: z.int().positive().max(256).default(4),
  promptDepth: z.int().positive().max(256).default(9),
  promptWords: z
    .string()
    .trim()
    .max(1000)
    .refine((words) => words !== '' && !words.includes('{}'), {
      error: 'Invalid input: expected the words before a class name, without {}',
    })
    .default(DEFAULT_WORDS),
  templates: z.array(template).min(1).max(1000).default(templates),
  loss: z
    .strictObject({
      imageWeight: z.number().nonnegative().default(10),
      textWeight: z.number().nonnegative().default(25),
      logitsWeight: z.number().nonnegative().default(1),
    })
    .prefault({}),
  average: z
    .strictObject({
      mean: z.number().default(15),
      deviation: z.number().positive().default(1),
    })
    .prefault({}),
  train: z
    .strictObject({
      learningRate: z.number().positive().default(adaptDefaults.learningRate),
      warmupRate: z.number().nonnegative().default(1e-5),
      momentum: z.number().min(0).max(1).default(0.9),
      weightDecay: z.number().nonnegative().default(5e-4),
      batchSize: z.int().positive().max(65_536).default(adaptDefaults.batchSize),
      epochs: z.int().positive().max(1e6).default(adaptDefaults.epochs),
      shuffle: z.boolean().default(true),
      augment: z.enum(['none', 'crop-flip', 'crop-flip-jitter']).default('crop-flip'),
      seed: z.int().default(0),
    })
    .prefault({}),
});

/** A run file of Stage I with its defaults filled in. */
export type AdaptRun = z.infer<typeof adaptSchema>;

/** As its file may hold it. */
export type AdaptSettings = z.input<typeof adaptSchema>;

/**
 * A run file's contents, checked and with defaults filled in.
 *
 * @param where begins the error messages
 * @throws InputError with the key's path and what is allowed there
 */
export const parseAdaptRun = (raw: unknown, where: string): AdaptRun => parseJson(adaptSchema, raw, where);

/** What of the engine's inputs a run file settles by itself. */
export function adaptSettings({
  classes,
  promptTokens,
  promptDepth,
  promptWords,
  ...run
}: AdaptRun): Omit<AdaptationInputs, 'teacher' | 'dataset' | 'images' | 'prompts'> {
  const { templates: bank, loss, average, train } = run;
  const sizes = { tokens: promptTokens, depth: promptDepth, words: promptWords };
  return { classes, sizes, templates: bank, loss, average, train };
}
