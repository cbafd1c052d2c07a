import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type MethodName, methodNames, methods } from '../../src/distill/methods/methods';
import { demoRun } from '../../src/run/demo';
import type { runSchema } from '../../src/run/schema';
import { conceptsOf } from './concepts';

type RunFile = z.input<typeof runSchema>;
type Change = { method: MethodName } & Pick<RunFile, 'loss' | 'student' | 'heads'> &
  Pick<TrainOptions, 'parameters'>;
type TrainOptions = NonNullable<RunFile['train']>;

/** A run of the study, as its worker carries it out and its line keeps it. */
export const studyRunSchema = z.object({
  part: z.string(),
  row: z.string(),
  seed: z.int(),
  /** A run file of `distill`. */
  run: z.record(z.string(), z.unknown()),
  /** Concepts that the student is asked about, where they are more than those it learns from. */
  asked: z.array(z.string()).optional(),
  /** Other concepts, which it is asked about before the first step and after the last. */
  elsewhere: z.array(z.string()).optional(),
  /** Stage I before it: a run file of `adapt`. */
  adapt: z.record(z.string(), z.unknown()).optional(),
  /** The folder that the student is kept in, to begin others with. */
  saved: z.string().optional(),
});
export type StudyRun = z.infer<typeof studyRunSchema>;

/** One way to train, of which a part has a run for each seed. */
interface Row {
  /** As tables have it. */
  title: string;
  change: Change;
  /** Pictures without labels are taken away from it. */
  withoutUnlabelled?: true;
  /** After Stage I on the labelled pictures. */
  isAdapted?: true;
}

export interface Part {
  title: string;
  /** Concepts of a seed. */
  concepts: number;
  /** Of these, how many are learnt from, with all their labels; undefined where all are, with a label on few pictures. */
  learnt?: number;
  /** It begins with a student that has learnt from the last so many of all concepts, and is asked about some of these. */
  pretrainedOn?: number;
  /** The part by whose trials each method's learning rate is chosen. */
  tunedBy: 'few-labels' | 'pretrained';
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

/** Its tower stays, its prompts and projector learn, as in the paper; or all of it does. */
const pretrained = (change: Change, parameters: TrainOptions['parameters'] = 'prompts'): Change => ({
  ...change,
  student: './pretrained/student',
  heads: './pretrained/heads.safetensors',
  parameters,
});

const { comkd, promptkd, none } = methodRows;
const promptRows: Record<string, Row> = Object.fromEntries(
  Object.entries({ comkd, promptkd, none, ...ablationRows })
    .filter(([row]) => row !== 'comkd-ifalign-alone')
    .map(([row, { title, change }]) => [row, { title, change: pretrained(change) }]),
);

export const parts: Readonly<Record<string, Part>> = {
  'few-labels': {
    title: 'Few labels and many pictures',
    concepts: 40,
    tunedBy: 'few-labels',
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
  'base-to-new': { title: 'Base-to-new', concepts: 100, learnt: 50, tunedBy: 'few-labels', rows: methodRows },
  'stage-one': {
    title: 'Stage I',
    concepts: 40,
    tunedBy: 'few-labels',
    rows: { 'comkd-adapted': { title: 'ComKD after Stage I', change: { method: 'comkd' }, isAdapted: true } },
  },
  pretrained: {
    title: 'A pretrained student',
    concepts: 40,
    pretrainedOn: 200,
    tunedBy: 'pretrained',
    rows: {
      ...promptRows,
      'comkd-full': { title: 'ComKD, the whole student', change: pretrained({ method: 'comkd' }, 'full') },
    },
  },
};

const LABELS = 1;

/** What trains longer is not told from what trains better: all rows take the same steps of the same batches. */
const trainOptions = { ...demoRun.train, steps: 300, warmupSteps: 30 };

/** Each method has these learning rates for its trials, and nothing else: the page's, its half, and 2 and 4 times as much. */
export const learningRates = [0.5, 1, 2, 4].map((times) => times * demoRun.train.learningRate);

/** Asked of what a student was pretrained on, of which all would take long. */
const ELSEWHERE = 100;

/** A part's runs, all rows of a seed before the next seed. @param rates learning rates; a method without one has the page's */
export function runsOf(
  part: string,
  seeds: number,
  concepts: readonly string[],
  rates: ReadonlyMap<MethodName, number>,
): StudyRun[] {
  const { rows, pretrainedOn, concepts: size, learnt } = parts[part];
  const others = pretrainedOn === undefined ? [] : concepts.slice(-pretrainedOn);
  const own = concepts.slice(0, concepts.length - others.length);
  return Array.from({ length: seeds }, (_, seed) => {
    const all = conceptsOf(seed, size, own);
    const classes = learnt === undefined ? all : all.slice(0, learnt);
    return Object.entries(rows).map(([row, { title: _title, ...how }]) => ({
      ...runOf(
        part,
        row,
        how,
        seed,
        { classes, ...(learnt === undefined && labelsOf(how)) },
        rates.get(how.change.method) ?? demoRun.train.learningRate,
      ),
      ...(classes !== all && { asked: all }),
      ...(others.length > 0 && { elsewhere: others.slice(0, ELSEWHERE) }),
    }));
  }).flat();
}

/** Each learning rate of each method that a part trains by, on concepts that no run is reported on. */
export function trialsOf(part: string, validation: string[]): StudyRun[] {
  const rows = Object.entries(parts[part].rows).filter(([row]) => row in methods);
  return rows.flatMap(([row, how]) =>
    learningRates.map((rate) =>
      runOf(`${part}-trials`, row, how, 0, { classes: validation, ...labelsOf(how) }, rate),
    ),
  );
}

const labelsOf = ({ withoutUnlabelled }: Pick<Row, 'withoutUnlabelled'>) =>
  withoutUnlabelled ? { shots: LABELS } : { labelsPerClass: LABELS };

function runOf(
  part: string,
  row: string,
  { change, isAdapted }: Omit<Row, 'title'>,
  seed: number,
  data: { classes: string[]; shots?: number; labelsPerClass?: number },
  learningRate: number,
): StudyRun {
  const { parameters, ...method } = change;
  const dataOptions = { ...data, seed };
  const train = { ...trainOptions, learningRate, seed, ...(parameters && { parameters }) };
  const run: RunFile = { ...method, dataOptions, train };
  return { part, row, seed, run, ...(isAdapted && { adapt: { dataOptions, train: { seed } } }) };
}

/** What makes the student that a part begins with; undefined where it begins at random weights. */
export function pretrainingOf(part: string, concepts: readonly string[]): StudyRun | undefined {
  const { pretrainedOn } = parts[part];
  if (pretrainedOn === undefined) return undefined;
  const train = { ...trainOptions, steps: 1000, warmupSteps: 100, seed: 0 };
  const run: RunFile = { method: 'promptkd', dataOptions: { classes: concepts.slice(-pretrainedOn) }, train };
  return { part, row: 'pretraining', seed: 0, run, saved: 'pretrained' };
}

/** By which a run is known again, whatever its row is called: two that train the same have the same. */
export const keyOf = ({ part, row, seed, ...trained }: StudyRun): string =>
  createHash('sha256').update(JSON.stringify(trained)).digest('hex').slice(0, 16);
