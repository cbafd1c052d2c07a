import type { TeacherPrompts, TextOptions } from '../distill/teacher';
import { InputError } from '../files/folder';
import { yieldToEvents } from '../files/yieldToEvents';
import { Adaptation, type AdaptationFigures, type AdaptationInputs } from './adaptation';
import type { Snapshot } from './experiment';
import type { TrainBatch } from './stepTrainer';
import type { TeacherResults } from './teacherResults';

/** A step's figures, as `metrics.jsonl` of `adapt` holds them. */
export interface AdaptationMetrics extends AdaptationFigures {
  imagesPerSecond: number;
}

export interface AdaptationListener extends TextOptions {
  /** Hears how the teacher does as it is, before the first step; training waits for it. */
  onStart?: (before: TeacherResults) => Promise<void>;
  /** Hears each step, in order, and may ask for what to go on from; training waits for it. */
  onStep?: (metrics: AdaptationMetrics, snapshot: () => Promise<Snapshot>) => Promise<void> | void;
}

/** A teacher's prompts, and how it does on held-out images without and with them. */
export interface AdaptedTeacher {
  prompts: TeacherPrompts;
  before: TeacherResults;
  after: TeacherResults;
}

/** The speed is an average over as many steps. */
const SPEED_STEPS = 8;

/**
 * Carries out Stage I from beginning to end. Where its signal aborts, it stops after the step under way, lets go of
 * everything and throws the signal's reason.
 *
 * @param evaluationImages at most how many held-out images the teacher is asked about, before and after
 * @param from where to go on from, instead of step 0
 * @throws InputError where data, teacher and prompts don't fit together, or where the loss is no longer a number
 */
export async function adaptTeacher(
  inputs: AdaptationInputs,
  evaluationImages: number,
  listener: AdaptationListener,
  from?: Snapshot,
): Promise<AdaptedTeacher> {
  const adaptation = await Adaptation.load(inputs, listener);
  try {
    const before = await adaptation.evaluate(evaluationImages);
    if (from) adaptation.restore(from);
    await listener.onStart?.(before);
    await takeSteps(adaptation, inputs.train.batchSize, listener);
    const after = await adaptation.evaluateAdapted(evaluationImages);
    return { prompts: adaptation.prompts, before, after };
  } finally {
    adaptation.dispose();
  }
}

async function takeSteps(
  adaptation: Adaptation,
  batchSize: number,
  { onProgress, onStep, signal }: AdaptationListener,
): Promise<void> {
  const { steps: total } = adaptation;
  let arrivals = [performance.now()];
  let batch = openBatch(adaptation);
  while (!adaptation.isFinished) {
    signal?.throwIfAborted();
    const done = adaptation.train(await batch);
    // While the device is at this step, the next one's images are opened.
    if (!adaptation.isFinished) batch = openBatch(adaptation);
    const figures = await done;
    arrivals = [...arrivals.slice(-SPEED_STEPS), performance.now()];
    const seconds = (arrivals[arrivals.length - 1] - arrivals[0]) / 1000;
    const imagesPerSecond = (batchSize * (arrivals.length - 1)) / seconds;
    await onStep?.({ ...figures, imagesPerSecond }, () => adaptation.snapshot());
    onProgress?.({ label: 'Adapting the teacher', done: figures.step, total, unit: 'steps' });
    if (!Number.isFinite(figures.total))
      throw new InputError(
        `The loss is no longer a number after step ${figures.step}; a lower train.learningRate usually helps.`,
      );
    await yieldToEvents();
  }
}

function openBatch(adaptation: Adaptation): Promise<TrainBatch> {
  const batch = adaptation.nextBatch();
  // It is awaited later; until then, its failure is not an unhandled one.
  batch.catch(() => undefined);
  return batch;
}
