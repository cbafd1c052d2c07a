import type { Evaluation } from '../evaluate/results';

/**
 * A step's figures, beside these the terms of the method. Losses are unweighted except `total`; α and scales are as used
 * in that step.
 */
export interface StepFigures {
  [term: string]: number;
  step: number;
  total: number;
  learningRate: number;
}

/** A step's figures as `metrics.jsonl` holds them. */
export interface StepMetrics extends StepFigures {
  imagesPerSecond: number;
}

/** How often a model without a teacher beside it is right. */
export type PlainAccuracy = Pick<Evaluation, 'step' | 'images' | 'heldOut' | 'student'>;

/** 'diverged' is paused by itself, where a loss is no longer a number. */
export type SessionState =
  | 'idle'
  | 'loading'
  | 'ready'
  | 'running'
  | 'paused'
  | 'diverged'
  | 'finished'
  | 'failed';

/** What happens in a run. */
export type RunEvent =
  | { type: 'state'; state: SessionState }
  | { type: 'step'; metrics: StepMetrics }
  | { type: 'evaluation'; evaluation: Evaluation }
  /** In contrastive training, where there is no teacher. */
  | { type: 'accuracy'; accuracy: PlainAccuracy }
  /** A long action: `done` of `total` in `unit`; `total` 0 where it is not known yet; `done === total` ends it. */
  | { type: 'progress'; label: string; done: number; total: number; unit: string }
  /** What the user should know though nothing failed. */
  | { type: 'notice'; message: string }
  | { type: 'problem'; message: string }
  /** The first step whose loss is no number, and the images of its batch. */
  | { type: 'diverged'; step: number; images: number[] };

/** What a session tells the page and the command line: what happens, and in which run, by its id. */
export type SessionEvent = RunEvent & { run: string };
