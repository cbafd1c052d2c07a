import { createHash } from 'node:crypto';
import { z } from 'zod';
import { methodNames, methods } from '../../src/distill/methods/methods';
import { demoRun } from '../../src/run/demo';
import type { runSchema } from '../../src/run/schema';
import { conceptsOf } from './concepts';

type RunFile = z.input<typeof runSchema>;
type Change = Pick<RunFile, 'method' | 'loss'>;

/** A run of the study, as its worker carries it out and its line keeps it. */
export const studyRunSchema = z.object({
  part: z.string(),
  row: z.string(),
  seed: z.int(),
  /** A run file of `distill`. */
  run: z.record(z.string(), z.unknown()),
  /** Concepts that the student is asked about, where they are more than those it learns from. */
  asked: z.array(z.string()).optional(),
});
export type StudyRun = z.infer<typeof studyRunSchema>;

/** One way to train, of which a part has a run for each seed. */
interface Row {
  /** As tables have it. */
  title: string;
  change: Change;
  /** Pictures without labels are taken away from it. */
  withoutUnlabelled?: true;
}

export interface Part {
  title: string;
  /** Concepts of a seed. */
  concepts: number;
  /** Of these, how many are learnt from, with all their labels; undefined where all are, with a label on few pictures. */
  learnt?: number;
  rows: Readonly<Record<string, Row>>;
}

const distilling = methodNames.filter((name) => !methods[name].hasNoTeacher);

const methodRows: Record<string, Row> = Object.fromEntries(
  distilling.map((method) => [method, { title: methods[method].name, change: { method } }]),
);

/** What of ComKD is switched off; with refinement alone it is PromptKD, a row of the methods. */
const ablationRows: Record<string, Row> = {
  'comkd-without-eduattention': {
    title: 'ComKD without EduAttention',
    change: { method: 'comkd', loss: { eduAttention: false } },
  },
  'comkd-without-ifalign': {
    title: 'ComKD without IFAlign',
    change: { method: 'comkd', loss: { ifAlign: false } },
  },
  'comkd-ifalign-alone': {
    title: 'IFAlign alone',
    change: { method: 'comkd', loss: { eduAttention: false, refine: false } },
  },
};

export const parts: Readonly<Record<string, Part>> = {
  'few-labels': {
    title: 'Few labels and many pictures',
    concepts: 40,
    rows: {
      ...methodRows,
      'none-labelled': {
        title: 'Student alone, labelled pictures only',
        change: { method: 'none' },
        withoutUnlabelled: true,
      },
      ...ablationRows,
    },
  },
  'base-to-new': { title: 'Base-to-new', concepts: 100, learnt: 50, rows: methodRows },
};

const LABELS = 1;

/** What trains longer is not told from what trains better: all rows take the same steps of the same batches. */
const trainOptions = { ...demoRun.train, steps: 300, warmupSteps: 30 };

/** A part's runs, all rows of a seed before the next seed. */
export function runsOf(part: string, seeds: number, concepts: readonly string[]): StudyRun[] {
  const { rows, ...sizes } = parts[part];
  return Array.from({ length: seeds }, (_, seed) =>
    Object.entries(rows).map(([row, { change, withoutUnlabelled }]) => {
      const all = conceptsOf(seed, sizes.concepts, concepts);
      const classes = sizes.learnt === undefined ? all : all.slice(0, sizes.learnt);
      const labels =
        sizes.learnt === undefined && (withoutUnlabelled ? { shots: LABELS } : { labelsPerClass: LABELS });
      const dataOptions = { classes, ...labels, seed };
      const run: RunFile = { ...change, dataOptions, train: { ...trainOptions, seed } };
      return { part, row, seed, run, ...(classes !== all && { asked: all }) };
    }),
  ).flat();
}

/** By which a run is known again, whatever its row is called: two that train the same have the same. */
export const keyOf = ({ run, asked }: StudyRun): string =>
  createHash('sha256').update(JSON.stringify({ run, asked })).digest('hex').slice(0, 16);
