import { InputError, type OnProgress } from '../files/folder';
import { yieldToEvents } from '../files/yieldToEvents';
import type { StepFigures } from './events';
import type { Snapshot } from './experiment';
import type { TrainBatch } from './stepTrainer';

/** What comes before a run is carried out, in steps: its teacher is made or adapted. */
export interface Stage<Figures> {
  /** Of the whole stage. */
  readonly steps: number;
  readonly isFinished: boolean;
  nextBatch(): Promise<TrainBatch>;
  train(batch: TrainBatch): Promise<Figures>;
  snapshot(): Promise<Snapshot>;
}

export interface StageListener<Figures> {
  onProgress?: OnProgress;
  /** Hears each step, in order, and may ask for what to go on from; training waits for it. */
  onStep?: (
    metrics: Figures & { imagesPerSecond: number },
    snapshot: () => Promise<Snapshot>,
  ) => Promise<void> | void;
  /** Where it aborts, the step under way is the last, and its reason is thrown. */
  signal?: AbortSignal;
}

/** The speed is an average over as many steps. */
const SPEED_STEPS = 8;

/**
 * Takes all steps that are left of a stage.
 *
 * @param label what is being done, for the bar
 * @throws InputError where the loss is no longer a number
 */
export async function takeSteps<Figures extends Pick<StepFigures, 'step' | 'total'>>(
  stage: Stage<Figures>,
  batchSize: number,
  label: string,
  { onProgress, onStep, signal }: StageListener<Figures>,
): Promise<void> {
  let arrivals = [performance.now()];
  let batch = openBatch(stage);
  while (!stage.isFinished) {
    signal?.throwIfAborted();
    const done = stage.train(await batch);
    // While the device is at this step, the next one's images are opened.
    if (!stage.isFinished) batch = openBatch(stage);
    const figures = await done;
    arrivals = [...arrivals.slice(-SPEED_STEPS), performance.now()];
    const seconds = (arrivals[arrivals.length - 1] - arrivals[0]) / 1000;
    const imagesPerSecond = (batchSize * (arrivals.length - 1)) / seconds;
    await onStep?.({ ...figures, imagesPerSecond }, () => stage.snapshot());
    onProgress?.({ label, done: figures.step, total: stage.steps, unit: 'steps' });
    if (!Number.isFinite(figures.total))
      throw new InputError(
        `The loss is no longer a number after step ${figures.step}; a lower train.learningRate usually helps.`,
      );
    await yieldToEvents();
  }
}

function openBatch<Figures>(stage: Stage<Figures>): Promise<TrainBatch> {
  const batch = stage.nextBatch();
  // It is awaited later; until then, its failure is not an unhandled one.
  batch.catch(() => undefined);
  return batch;
}
