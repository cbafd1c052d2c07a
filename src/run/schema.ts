import { z } from 'zod';
import type { DataOptions } from '../data/options';
import { lossSchema, methodSchema, methods } from '../distill/methods/methods';
import type { TrainedParameters } from '../distill/options';
import { InputError } from '../files/folder';
import { parseJson } from '../files/json';
import { demoStudent } from './demo';

// Every text and size has a limit: a run also comes from links and files of others, and is shown and stored.

/** A path, an address or an id. */
export const place = z.string().max(4096);

const student = z.union([
  place,
  z.strictObject({
    config: z
      .record(z.string(), z.unknown())
      .refine(
        (config) => JSON.stringify(config).length <= 2 ** 16,
        'expected the contents of a config.json, not 64 kB of text',
      ),
    seed: z.int().default(0),
  }),
  z.strictObject({
    from: z.literal('teacher'),
    layers: z.int().positive().max(256),
    /** Layers spread evenly, of the teacher's width; or the front of each tensor, at TinyCLIP's steps of layers. */
    pick: z.enum(['spread', 'front']).default('spread'),
    /** With `front`; the teacher's where undefined. */
    width: z
      .int()
      .positive()
      .max(2 ** 16)
      .optional(),
  }),
]);

const name = z.string().min(1, 'Invalid input: expected a name, not nothing').max(1000);

/** A text with {} where the class name belongs. */
export const template = z
  .string()
  .max(1000)
  .includes('{}', 'Invalid input: expected a text with {} where the class name belongs');

export const dataOptions = z.strictObject({
  promptTemplate: template.optional(),
  namesAsWritten: z.boolean().optional(),
  classNames: z.record(z.string(), name).optional(),
  classes: z.array(name).min(1).max(100_000).optional(),
  columns: z
    .strictObject({
      image: name,
      text: name,
      kind: z.enum(['captions', 'classes']),
      split: name.optional(),
    })
    .optional(),
  form: name.optional(),
  testShare: z.number().min(0).max(0.9).optional(),
  shots: z.int().positive().optional(),
  labelsPerClass: z.int().nonnegative().optional(),
  moveNearDuplicates: z.boolean().optional(),
  seed: z.int().optional(),
}) satisfies z.ZodType<DataOptions>;

/** A run file (the shared description of a run): what the page exports, a link carries and the command line reproduces. */
export const runSchema = z.strictObject({
  teacher: place.default('demo'),
  student: student.default('demo'),
  data: place.default('demo'),
  dataOptions: dataOptions.optional(),
  heads: place.optional(),
  prompts: place.optional(),
  teacherPrompts: place.optional(),
  method: methodSchema.default('comkd'),
  loss: lossSchema.prefault({}),
  train: z
    .strictObject({
      parameters: z.enum(['prompts', 'full', 'heads']).optional(),
      optimizer: z.enum(['adamw', 'sgd']).default('adamw'),
      learningRate: z.number().positive().default(1e-3),
      weightDecay: z.number().nonnegative().default(0.01),
      momentum: z.number().min(0).max(1).default(0.9),
      maxGradientNorm: z.number().positive().optional(),
      batchSize: z.int().min(2).max(65_536).default(32),
      /** Parts that a batch goes through the towers in, for the memory of one of them. */
      accumulate: z.int().positive().max(65_536).default(1),
      steps: z.int().positive().max(1e9).optional(),
      epochs: z.number().positive().max(1e6).optional(),
      /** Learning rates that were set while it ran, each after so many steps. */
      log: z
        .array(z.strictObject({ step: z.int().nonnegative(), learningRate: z.number().positive() }))
        .max(1000)
        .optional(),
      schedule: z.enum(['constant', 'cosine']).default('cosine'),
      warmupSteps: z.int().nonnegative().default(0),
      shuffle: z.boolean().default(true),
      augment: z.enum(['none', 'crop-flip', 'crop-flip-jitter']).default('crop-flip'),
      seed: z.int().default(0),
    })
    .prefault({}),
});

/** A run file with its defaults filled in. */
export type Run = z.infer<typeof runSchema>;

/**
 * A run file's contents, checked and with defaults filled in, except for `train.steps`, which takes the data to know.
 *
 * @param where begins the error messages
 * @throws InputError with the key's path and what is allowed there
 */
export function parseRun(raw: unknown, where: string): Run {
  const run = parseJson(runSchema, raw, where);
  // Where a whole CLIP learns, the demo's is its teacher.
  if (methods[run.method].hasNoTeacher) refuseTeacher(Object(raw), run.method, where);
  else if (run.student === 'demo') run.student = demoStudent;
  run.train.parameters = trainedParameters(run);
  const wrong = contradiction(run);
  if (wrong) throw new InputError(`${where}: ${wrong}.`);
  return run;
}

/** Keys that a method without a teacher has no use for. */
const TEACHER_KEYS = ['teacher', 'heads', 'prompts', 'teacherPrompts', 'loss'] as const;

function refuseTeacher(raw: object, method: string, where: string): void {
  const given = TEACHER_KEYS.find((key) => key in raw);
  if (given)
    throw new InputError(
      `${where}: ${given} is given, and "${method}" trains a CLIP of its own, without a teacher; leave out ${TEACHER_KEYS.join(', ')}.`,
    );
}

/** A run as its file holds it. */
export function runFile(run: Run): Partial<Run> {
  if (!methods[run.method].hasNoTeacher) return run;
  const { teacher, heads, prompts, teacherPrompts, loss, ...own } = run;
  return own;
}

/** What trains where a run leaves it open: everything from random weights, prompts in a checkpoint. */
export const trainedParameters = ({
  train,
  student,
  method,
}: Pick<Run, 'train' | 'student' | 'method'>): TrainedParameters =>
  train.parameters ?? (typeof student === 'string' && !methods[method].hasNoTeacher ? 'prompts' : 'full');

/** What contradicts itself in a run, and what would be right. */
export function contradiction({ student, loss, train, method, prompts }: Run): string | undefined {
  if (train.steps !== undefined && train.epochs !== undefined)
    return 'train.steps and train.epochs are both given; only one can be';
  if (prompts !== undefined && train.parameters !== 'prompts')
    return `prompts is given, but train.parameters is "${train.parameters}"; it must be "prompts" to use them`;
  if (typeof student !== 'string' && 'from' in student && student.pick === 'spread' && student.width)
    return `student.width is given, and student.pick is "spread", which keeps the teacher’s width; "pick": "front" takes one`;
  if (methods[method].hasNoTeacher && train.parameters !== undefined && train.parameters !== 'full')
    return `train.parameters is "${train.parameters}"; "${method}" trains all of a CLIP, so it must be "full"`;
  if (methods[method].hasNoTeacher && typeof student !== 'string' && 'from' in student)
    return `student is taken from the teacher, and "${method}" has none; give a checkpoint or {"config": …}`;
  return methods[method].contradiction?.(loss);
}
