import type { TeacherPrompts, TextOptions } from '../distill/teacher';
import { Adaptation, type AdaptationFigures, type AdaptationInputs } from './adaptation';
import type { Snapshot } from './experiment';
import { type StageListener, takeSteps } from './stage';
import type { TeacherResults } from './teacherResults';

/** A step's figures, as `metrics.jsonl` of `adapt` holds them. */
export interface AdaptationMetrics extends AdaptationFigures {
  imagesPerSecond: number;
}

export interface AdaptationListener extends TextOptions, StageListener<AdaptationFigures> {
  /** Hears how the teacher does as it is, before the first step; training waits for it. */
  onStart?: (before: TeacherResults) => Promise<void> | void;
}

/** A teacher's prompts, and how it does on held-out images without and with them. */
export interface AdaptedTeacher {
  prompts: TeacherPrompts;
  before: TeacherResults;
  after: TeacherResults;
}

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
    await takeSteps(adaptation, inputs.train.batchSize, 'Adapting the teacher', listener);
    const after = await adaptation.evaluateAdapted(evaluationImages);
    return { prompts: adaptation.prompts, before, after };
  } finally {
    adaptation.dispose();
  }
}
