import { z } from 'zod';
import { InputError } from '../../files/folder';
import { parseJson, readJson } from '../../files/json';
import { parseRun } from '../../run/schema';
import { type Curves, columnsOf, curvesOf } from '../history';
import { FORMAT } from './exportRuns';
import { type KeptRun, LONGEST_TEXT } from './stored';

const fileSchema = z.object({
  format: z.literal(FORMAT, {
    error: `expected "${FORMAT}"; a file that this page exported as JSON would be right`,
  }),
  version: z.literal(1),
  runs: z.array(z.unknown()).min(1),
});

const share = z.number().min(0).max(1);
const accuracy = z.object({ top1: share.optional(), top5: share.optional() });
const figures = z.array(
  z
    .number()
    .nullable()
    .transform((value) => value ?? Number.NaN),
);

const text = z.string().max(LONGEST_TEXT);

export const evaluationsSchema = z.array(
  z.object({
    step: z.int().nonnegative(),
    images: z.int().nonnegative(),
    heldOut: z.boolean(),
    teacher: accuracy,
    student: accuracy,
    agreement: share,
  }),
);

const runSchema = z.object({
  id: z.string().min(1).max(100),
  name: z.string().max(300).optional(),
  data: text,
  device: text,
  teacher: text,
  student: text,
  // As far as dates go.
  startedAt: z.number().min(0).max(8.64e15),
  run: z.unknown(),
  curves: z
    .object({ step: figures, total: figures, learningRate: figures, imagesPerSecond: figures })
    .catchall(figures),
  evaluations: evaluationsSchema,
});

/** The runs of a file that this page exported; what is wrong with some costs only these. Throws InputError where it is no such file. */
export async function readRuns(file: File): Promise<{ runs: KeptRun[]; problems: string[] }> {
  const { runs } = parseJson(fileSchema, await readJson(file, file.name), file.name);
  const good: KeptRun[] = [];
  const problems: string[] = [];
  for (const [i, raw] of runs.entries()) {
    try {
      good.push(readRun(raw, `${file.name}, run ${i + 1}`));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(error.message);
    }
  }
  return { runs: good, problems };
}

/** One run, as exported ones are. Throws InputError where it is none. */
export function readRun(raw: unknown, where: string): KeptRun {
  const read = parseJson(runSchema, raw, where);
  return {
    ...read,
    run: parseRun(read.run, `${where}, its settings`),
    curves: readCurves(read.curves, where),
  };
}

function readCurves(columns: z.output<typeof runSchema>['curves'], where: string): Curves {
  const { length } = columns.step;
  if (columns.step.some((step, i) => step !== i + 1))
    throw new InputError(`${where}: curves.step counts otherwise than 1, 2, 3 and so on.`);
  const names = columnsOf(columns);
  const other = names.find((name) => columns[name].length !== length);
  if (other)
    throw new InputError(
      `${where}: curves.${other} has ${columns[other].length} entries, curves.step ${length}; they must be as many.`,
    );
  return curvesOf(names, (name) => Float64Array.from(columns[name]));
}
