import { whyFailed } from '../device/failure';
import type { Progress } from '../files/folder';
import { yieldToEvents } from '../files/yieldToEvents';
import { Commands } from './commands';
import { divergence } from './divergence';
import type { RunEvent, SessionEvent, SessionState, StepFigures } from './events';
import { distilling, Experiment, type ExperimentInputs, type Snapshot } from './experiment';
import { LookBack } from './lookBack';
import { Pace } from './pace';
import { Pretraining, type PretrainingInputs } from './pretraining';
import type { TrainBatch } from './stepTrainer';

export type SessionInputs = (ExperimentInputs | PretrainingInputs) & {
  /** At most how many held-out images are looked at while training, and after the last step. */
  evaluationImages: { during: number; atEnd: number };
  /** Where to go on from, instead of step 0. */
  snapshot?: Snapshot;
};

/** For promises that are awaited later: until then, their failure is not an unhandled one. */
const ignore = () => undefined;

/** Fast steps are sent so many ahead of those read back, so that the device never waits for the page. */
const QUEUED_STEPS = 3;

/**
 * One run from beginning to end: idle → loading → ready ⇄ running → paused or diverged → finished, or failed.
 * Every command is safe in every state: commands wait for one another, and one that makes no sense does nothing.
 */
export class Session {
  private current: SessionState = 'idle';
  private loadedId = '';
  private experiment?: Experiment | Pretraining;
  private evaluationImages = { during: 0, atEnd: 0 };
  private readonly commands = new Commands();
  private loading = new AbortController();
  /** The steps under way; never rejects. */
  private loop: Promise<void> = Promise.resolve();
  private isStopping = false;
  private lookBack = new LookBack();
  private readonly pace = new Pace();
  /** The first step whose loss is no number, and its images, until it is told. */
  private diverged?: { metrics: StepFigures; images: number[] };

  /** @param listener hears everything, in order */
  constructor(private readonly listener: (event: SessionEvent) => void) {}

  get state(): SessionState {
    return this.current;
  }

  /**
   * Puts models and data on the device, at step 0 or where the snapshot was taken. What was loaded before is let go.
   * Events of this run carry `id`. Where it fails, the promise says why; where another `load` or `dispose` comes before it is done, it is an AbortError.
   */
  load(inputs: SessionInputs, id: string = crypto.randomUUID()): Promise<void> {
    this.loading.abort();
    this.loading = new AbortController();
    const { signal } = this.loading;
    return this.commands.add(async () => {
      await this.unload();
      this.loadedId = id;
      this.evaluationImages = inputs.evaluationImages;
      await this.prepare(async () => {
        const onProgress = (progress: Progress) => this.say({ type: 'progress', ...progress });
        const onNotice = (message: string) => this.say({ type: 'notice', message });
        const options = { onProgress, onNotice, signal };
        this.experiment =
          'teacher' in inputs
            ? await Experiment.load(inputs, options)
            : await Pretraining.load(inputs, options);
        if (inputs.snapshot) await this.experiment.restore(inputs.snapshot);
        await this.evaluate(this.experiment);
      }, signal);
    });
  }

  /** Bytes on the device that a step of what is loaded needs; undefined where it is not known. */
  get stepBytes(): number | undefined {
    return this.experiment?.memory.bytes || undefined;
  }

  /** Trains until it is paused, or to the last step. */
  play(): Promise<void> {
    return this.commands.add(async () => {
      await this.lookBack.end(this.experiment);
      this.start(Number.POSITIVE_INFINITY);
    });
  }

  /** Stops after the step under way. */
  pause(): Promise<void> {
    // Said at once, not only when this command's turn comes.
    this.isStopping = true;
    return this.commands.add(() => this.halt());
  }

  /** Takes one step; where it is running, it pauses first. */
  step(): Promise<void> {
    return this.commands.add(async () => {
      await this.halt();
      await this.lookBack.end(this.experiment);
      this.start(1);
      await this.loop;
      await this.halt();
    });
  }

  /** Sets the learning rate of the loaded run from its next step on; undefined where nothing is loaded. */
  setLearningRate(learningRate: number) {
    return this.commands.add(async () => {
      await this.lookBack.end(this.experiment);
      const log = distilling(this.experiment)?.setLearningRate(learningRate);
      return log && { run: this.loadedId, log };
    });
  }

  /** Back to step 0 with the same settings and starting values: a run of its own, whose events carry `id`. */
  reset(id: string = crypto.randomUUID()): Promise<void> {
    this.isStopping = true;
    return this.commands.add(async () => {
      await this.halt();
      const { experiment } = this;
      if (!experiment) return;
      this.loadedId = id;
      this.lookBack = new LookBack();
      await this.prepare(async () => {
        await experiment.reset();
        await this.evaluate(experiment);
      });
    });
  }

  /** Asks something between two steps; undefined where nothing is loaded. */
  ask<T>(question: (experiment: Experiment | Pretraining) => Promise<T>): Promise<T | undefined> {
    return this.betweenSteps(async (experiment) => experiment && question(experiment));
  }

  /** What it takes to go on from here later, whatever is looked at, and since when, by `performance.now()`, steps stood still for it. */
  snapshot(): Promise<(Snapshot & { run: string; since: number }) | undefined> {
    return this.ask(async (experiment) => {
      const since = performance.now();
      return { ...(await this.lookBack.presentOf(experiment)), run: this.loadedId, since };
    });
  }

  /**
   * Pauses, and shows the student as it was at an earlier moment of this run to all who ask; without a moment, as it is.
   * It trains on, and is kept, as it is.
   */
  look(moment?: Snapshot): Promise<void> {
    this.isStopping = true;
    return this.commands.add(async () => {
      await this.halt();
      const { experiment } = this;
      if (!experiment || (!moment && !this.lookBack.isUnderWay)) return;
      if (moment) await this.lookBack.to(moment, experiment);
      else await this.lookBack.end(experiment);
      await this.evaluate(experiment);
    });
  }

  /** Stops, and lets go of everything on the device. */
  dispose(): Promise<void> {
    this.loading.abort();
    this.isStopping = true;
    return this.commands.add(() => this.unload());
  }

  private say(event: RunEvent): void {
    this.listener({ ...event, run: this.loadedId });
  }

  private setState(state: SessionState): void {
    if (state === this.current) return;
    this.current = state;
    this.say({ type: 'state', state });
  }

  private async prepare(work: () => Promise<void>, signal?: AbortSignal): Promise<void> {
    this.setState('loading');
    try {
      await work();
      signal?.throwIfAborted();
      this.setState('ready');
    } catch (error) {
      // An abort comes from a command that is waiting and will set the state itself.
      if (!signal?.aborted) this.setState('failed');
      throw error;
    }
  }

  private async unload(): Promise<void> {
    await this.halt();
    this.experiment?.dispose();
    this.experiment = undefined;
    this.lookBack = new LookBack();
    this.setState('idle');
  }

  private start(steps: number): void {
    const { experiment } = this;
    if (!experiment || !['ready', 'paused', 'diverged'].includes(this.current)) return;
    this.setState('running');
    this.loop = this.train(experiment, steps);
  }

  private async halt(): Promise<void> {
    this.isStopping = true;
    await this.loop;
    if (this.current === 'running') this.setState('paused');
  }

  /** Does something while no step is under way, and goes on with the steps after it. */
  private betweenSteps<T>(work: (experiment?: Experiment | Pretraining) => Promise<T>): Promise<T> {
    return this.commands.add(async () => {
      this.isStopping = true;
      await this.loop;
      try {
        return await work(this.experiment);
      } finally {
        if (this.experiment && this.current === 'running')
          this.loop = this.train(this.experiment, Number.POSITIVE_INFINITY);
      }
    });
  }

  private async train(experiment: Experiment | Pretraining, steps: number): Promise<void> {
    this.isStopping = false;
    try {
      await this.takeSteps(experiment, steps);
      await this.tellDivergence(experiment);
      if (!experiment.isFinished || this.current !== 'running') return;
      await this.evaluate(experiment);
      this.setState('finished');
    } catch (error) {
      this.say({ type: 'problem', message: await whyFailed(error) });
      this.setState('failed');
    }
  }

  /** While the device is at one step, the next one's images are opened and earlier steps are read back. */
  private async takeSteps(experiment: Experiment | Pretraining, steps: number): Promise<void> {
    const end = experiment.step + steps;
    this.pace.start();
    let batch = this.openBatch(experiment);
    let reported: Promise<void> = Promise.resolve();
    const underWay: Promise<void>[] = [];
    while (!this.isStopping && !experiment.isFinished && experiment.step < end) {
      const images = await batch;
      const figures = experiment.train(images);
      if (!experiment.isFinished) batch = this.openBatch(experiment);
      const previous = reported;
      reported = Promise.all([figures, previous]).then(([metrics]) => this.report(metrics, images));
      reported.catch(ignore);
      underWay.push(reported);
      while (underWay.length > (this.pace.isSlow ? 0 : QUEUED_STEPS)) await underWay.shift();
      if (this.pace.mayEvaluate && !experiment.isFinished) {
        await reported;
        await this.evaluate(experiment);
      }
      await yieldToEvents();
    }
    await reported;
  }

  private openBatch(experiment: Experiment | Pretraining): Promise<TrainBatch> {
    const batch = experiment.nextBatch();
    batch.catch(ignore);
    return batch;
  }

  private report(metrics: StepFigures, { images }: TrainBatch): void {
    const imagesPerSecond = images.length * this.pace.arrived();
    this.say({ type: 'step', metrics: { ...metrics, imagesPerSecond } });
    if (Number.isFinite(metrics.total) || this.diverged) return;
    this.isStopping = true;
    this.diverged = { metrics, images };
  }

  /** Says where the loss stopped being a number, if it did. */
  private async tellDivergence(experiment: Experiment | Pretraining): Promise<void> {
    const { diverged } = this;
    this.diverged = undefined;
    if (!diverged || this.current !== 'running') return;
    const { tensors } = await experiment.snapshot();
    this.say({ type: 'problem', message: divergence(diverged.metrics, tensors) });
    this.say({ type: 'diverged', step: diverged.metrics.step, images: diverged.images });
    this.setState('diverged');
  }

  private async evaluate(experiment: Experiment | Pretraining): Promise<void> {
    const start = performance.now();
    const { during, atEnd } = this.evaluationImages;
    const report = await experiment.report(experiment.isFinished ? atEnd : during);
    this.pace.evaluated(start, performance.now());
    this.say(report);
  }
}
