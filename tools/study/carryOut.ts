import { imageStore, openData, openRun } from '../../src/cli/openRun';
import { baseClassCount } from '../../src/data/splits/baseClasses';
import { harmonicMean, largest } from '../../src/evaluate/ranking';
import type { Evaluation } from '../../src/evaluate/results';
import { parseRun } from '../../src/run/schema';
import type { StepFigures } from '../../src/train/events';
import { Experiment, type ExperimentInputs } from '../../src/train/experiment';
import type { StudyResult } from './lines';
import type { StudyRun } from './plan';

const ignore = () => undefined;

/** Trains a student on the backend that is started, and asks it and its teacher about all held-out pictures. */
export async function carryOut({ row, run, asked }: StudyRun): Promise<StudyResult> {
  const start = performance.now();
  const inputs = await openRun(parseRun(run, row), ignore);
  const experiment = await Experiment.load(inputs, {});
  try {
    let figures: StepFigures | undefined;
    while (!experiment.isFinished) figures = await experiment.train(await experiment.nextBatch());
    const seconds = (performance.now() - start) / 1000;
    const { classes } = inputs.dataset;
    const evaluation = await (asked
      ? askElsewhere(experiment, inputs, asked)
      : experiment.evaluate(Number.POSITIVE_INFINITY));
    return {
      ...accuracies(evaluation, asked ? classes : classes.slice(0, baseClassCount(classes.length))),
      ...(figures?.alpha !== undefined && { alpha: Number(figures.alpha.toPrecision(3)) }),
      seconds: Number(seconds.toFixed(1)),
    };
  } finally {
    experiment.dispose();
  }
}

/** The student as it is, asked about other concepts of the demo than it learns from. */
async function askElsewhere(
  experiment: Experiment,
  inputs: ExperimentInputs,
  concepts: string[],
): Promise<Evaluation> {
  const dataset = await openData('demo', { classes: concepts }, ignore);
  const elsewhere = await Experiment.load({ ...inputs, dataset, images: imageStore(dataset) }, {});
  try {
    await elsewhere.restore(await experiment.snapshot());
    return await elsewhere.evaluate(Number.POSITIVE_INFINITY);
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
