import type { Checkpoint } from '../clip/checkpoint';
import type { TextOptions } from '../distill/teacher';
import type { PlainAccuracy, StepFigures } from './events';
import { Pretraining, type PretrainingInputs } from './pretraining';
import { type StageListener, takeSteps } from './stage';

export interface MakingListener extends TextOptions, StageListener<StepFigures> {
  /** Hears how the model does as it is, before the first step. */
  onStart?: (before: PlainAccuracy) => void;
}

/** A CLIP that learnt the data, and how often it is right on held-out images before and after. */
export interface MadeTeacher {
  model: Checkpoint;
  before: PlainAccuracy;
  after: PlainAccuracy;
}

/**
 * Makes a teacher for data that none knows: trains a CLIP contrastively from beginning to end. Where its signal aborts, it stops after the step under way, lets go of everything and throws the
 * signal's reason.
 *
 * @param evaluationImages at most how many held-out images the model is asked about, before and after
 * @throws InputError where data and model don't fit together, or where the loss is no longer a number
 */
export async function makeTeacher(
  inputs: PretrainingInputs,
  evaluationImages: number,
  listener: MakingListener,
): Promise<MadeTeacher> {
  const training = await Pretraining.load(inputs, listener);
  try {
    const { accuracy: before } = await training.report(evaluationImages);
    listener.signal?.throwIfAborted();
    listener.onStart?.(before);
    await takeSteps(training, inputs.train.batchSize, 'Making a teacher', listener);
    const { accuracy: after } = await training.report(evaluationImages);
    return { model: await training.exportModel(), before, after };
  } finally {
    training.dispose();
  }
}
