import fs from 'node:fs/promises';
import path from 'node:path';
import { imageStore, openAdaptRun, openData, openRun, withAbsolutePaths } from '../../src/cli/openRun';
import { baseClassCount } from '../../src/data/splits/baseClasses';
import { FeatureCache } from '../../src/distill/towerInput';
import { harmonicMean, largest } from '../../src/evaluate/ranking';
import type { Evaluation } from '../../src/evaluate/results';
import type { ExportedStudent } from '../../src/export/exportedStudent';
import { studentFiles } from '../../src/export/studentFiles';
import { parseAdaptRun } from '../../src/run/adaptSchema';
import { parseRun } from '../../src/run/schema';
import type { AdaptationInputs } from '../../src/train/adaptation';
import { adaptTeacher } from '../../src/train/adaptTeacher';
import type { StepFigures } from '../../src/train/events';
import { Experiment, type ExperimentInputs } from '../../src/train/experiment';
import type { StudyResult } from './lines';
import type { StudyRun } from './plan';

const ignore = () => undefined;

/** Images to ask about, at most. */
const ALL = Number.POSITIVE_INFINITY;

/** What the teacher makes of a seed's pictures and crops, by what these come of: it is half of a run's work. */
const seen = new Map<string, FeatureCache>();

function teacherFeaturesOf(...about: unknown[]): FeatureCache {
  const key = JSON.stringify(about);
  const known = seen.get(key) ?? new FeatureCache();
  seen.set(key, known);
  return known;
}

/**
 * Trains a student on the backend that is started, and asks it and its teacher about all held-out pictures.
 *
 * @param folder that the run's paths begin at
 */
export async function carryOut(study: StudyRun, folder: string): Promise<StudyResult> {
  const { row, run, asked, elsewhere, adapt, saved } = study;
  const start = performance.now();
  const parsed = withAbsolutePaths(parseRun(run, row), folder);
  const { dataOptions, train } = parsed;
  const adapted = adapt && (await adaptTeacher(await stageOne(adapt, row), ALL, {}));
  const teacherFeatures = teacherFeaturesOf(dataOptions, train.seed, train.augment, adapt);
  const inputs = { ...(await openRun(parsed, ignore)), teacherPrompts: adapted?.prompts, teacherFeatures };
  const experiment = await Experiment.load(inputs, {});
  const ask = (concepts?: string[]) =>
    concepts ? askAbout(concepts, experiment, inputs) : experiment.evaluate(ALL);
  try {
    const before = elsewhere && (await ask(elsewhere));
    let figures: StepFigures | undefined;
    while (!experiment.isFinished) figures = await experiment.train(await experiment.nextBatch());
    const seconds = (performance.now() - start) / 1000;
    if (saved) await save(await experiment.exportStudent(), path.join(folder, saved));
    const { classes } = inputs.dataset;
    const baseClasses = asked ? classes : classes.slice(0, baseClassCount(classes.length));
    const after = elsewhere && (await ask(elsewhere));
    return {
      ...accuracies(await ask(asked), baseClasses),
      ...(before && after && { elsewhere: { before: top1(before), after: top1(after) } }),
      ...(adapted && { unadaptedTeacher: adapted.before.top1 ?? 0 }),
      ...(figures?.alpha !== undefined && { alpha: Number(figures.alpha.toPrecision(3)) }),
      seconds: Number(seconds.toFixed(1)),
    };
  } finally {
    experiment.dispose();
  }
}

const top1 = ({ student }: Evaluation): number => student.top1 ?? 0;

async function stageOne(adapt: unknown, row: string): Promise<AdaptationInputs> {
  return openAdaptRun(parseAdaptRun(adapt, row), ignore);
}

/** Its checkpoint and heads, which a run can begin with. */
async function save(student: ExportedStudent, folder: string): Promise<void> {
  for await (const [name, bytes] of studentFiles(student)) {
    const file = path.join(folder, name);
    await fs.mkdir(path.dirname(file), { recursive: true });
    await fs.writeFile(file, bytes);
    if (name === 'heads.safetensors') return;
  }
}

/** The student as it is, asked about other concepts of the demo than it learns from. */
async function askAbout(
  concepts: string[],
  experiment: Experiment,
  inputs: ExperimentInputs,
): Promise<Evaluation> {
  const dataset = await openData('demo', { classes: concepts }, ignore);
  const teacherFeatures = teacherFeaturesOf(concepts, inputs.teacherPrompts && inputs.dataset.classes);
  const images = imageStore(dataset);
  const elsewhere = await Experiment.load({ ...inputs, dataset, images, teacherFeatures }, {});
  try {
    await elsewhere.restore(await experiment.snapshot());
    return await elsewhere.evaluate(ALL);
  } finally {
    elsewhere.dispose();
  }
}

/**
 * Shares (0..1) of the held-out pictures that both models name rightly: among all classes, by the pictures' styles, and of
 * base and new classes among their own.
 */
function accuracies(evaluation: Evaluation, baseClasses: readonly string[]) {
  const { predictions, teacher, student, agreement, logits } = evaluation;
  const styles = new Map<string, boolean[]>();
  for (const { path, truth, student: guesses } of predictions) {
    const style = path.slice(0, path.indexOf('/'));
    styles.set(style, [...(styles.get(style) ?? []), truth.includes(guesses[0].text)]);
  }
  const isBase = logits.texts.map((text) => baseClasses.includes(text));
  const among = (whose: 'student' | 'teacher', base: boolean) => {
    const columns = [...isBase.keys()].filter((text) => isBase[text] === base);
    const right = predictions.flatMap(({ truth }, row) => {
      const own = columns.findIndex((text) => truth.includes(logits.texts[text]));
      const scores = columns.map((text) => logits[whose][row * logits.texts.length + text]);
      return own < 0 ? [] : largest(scores, 1)[0] === own;
    });
    return share(right);
  };
  const [base, fresh] = [among('student', true), among('student', false)];
  return {
    student: student.top1 ?? 0,
    teacher: teacher.top1 ?? 0,
    agreement,
    styles: Object.fromEntries([...styles].map(([style, right]) => [style, share(right)])),
    base,
    new: fresh,
    harmonicMean: harmonicMean(base, fresh),
    teacherHarmonicMean: harmonicMean(among('teacher', true), among('teacher', false)),
  };
}

const share = (right: readonly boolean[]): number => right.filter(Boolean).length / right.length;
