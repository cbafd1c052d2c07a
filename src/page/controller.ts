import type { StoreApi } from 'zustand/vanilla';
import type { Run } from '../run/schema';
import type { StepMetrics } from '../train/events';
import type { EngineEvent, Precision, TrainedStudent } from '../worker/api';
import { engine } from './engine';
import { withEvaluation, withProgress } from './heard';
import { type History, metricsAt } from './history';
import type { KeptRun } from './runs/stored';
import { canGoOn, type RunState, wantsPlay } from './state';

/** A run as it is to be loaded, with the student that goes on from where it stood. */
export interface LoadRequest {
  run: Run;
  teacherPrecision: Precision;
  trained?: { student: TrainedStudent; run: KeptRun };
  /** Whether there is something else to load by now; a run without it stays as it is, whatever is edited. */
  isOutdated?: () => boolean;
}

interface Parts {
  store: StoreApi<RunState>;
  history: History;
  /** Keeps the run so far, before another takes its place. */
  keep: () => void;
  report: (error: unknown, isNotice?: boolean) => void;
}

/**
 * Takes the engine from run to run, and hears what it says of the one of the moment.
 *
 *                          load, reset (from every state: a run with an id of its own)
 *                            ▼
 *   failed ◀──can't be──── loading ──loaded──▶ ready ──────────step─────────┐
 *      ▲                    │   ▲                │                          │
 *      │                 play   pause          play                         ▼
 *      │                    ▼   │                ▼    ───pause, step───▶ pausing
 *      ├─────can't be──── starting ──loaded──▶ running ◀──────play──────    │
 *      │                                         │ │  ▲                  answered
 *      │                                         │ │  │                     ▼
 *      ├─────────────────────────────────────────┘ │  └───────play──────  paused
 *      │                                           ▼
 *      └── from running and pausing, by an event: failed, finished, or diverged, from which Play and Step lead on
 *
 * The user's commands and the engine's answers lead to all states but those of the last line, of which events tell.
 * What an earlier run says late has another id, and falls away. Changed data (`isDataChanged`) belongs to the run, too:
 * it comes with one, and the next load takes it.
 *
 * One thing of a run's way is kept elsewhere: that a slider which is being dragged has come to rest (`soon` in store.ts).
 * It is a pause alone, and what is then to be done is decided by the state of then.
 */
export class Controller {
  /** The load or reset that came last. */
  private current: Pick<LoadRequest, 'isOutdated'> = {};
  /** The last step's figures, until the next frame shows them. */
  private latest?: StepMetrics;

  constructor(private readonly parts: Parts) {}

  /**
   * Loads a run, at step 0 or with the student as it was trained; Play asked for meanwhile holds. Rejects where that
   * fails; nothing has changed where `next` throws. What is outdated when it is there is loaded anew.
   *
   * @param next what is to be loaded as things are then
   * @param plays whether it is to train at once; where it is left out, as the run before it was
   * @returns false where another run has taken its place before it was there
   */
  async load(next: () => LoadRequest, plays?: boolean): Promise<boolean> {
    const { run, teacherPrecision, trained, isOutdated } = next();
    this.takeData();
    const id = trained?.run.id ?? crypto.randomUUID();
    const isHere = await this.begin({ id, plays, isOutdated }, async (isCurrent) => {
      this.set({ loadedRun: run });
      const { teacher, student, captionDoubts } = await engine.load(
        id,
        run,
        teacherPrecision,
        trained?.student,
        trained?.run,
      );
      if (!isCurrent()) return;
      this.set({ teacher, student, captionDoubts });
      if (trained) this.restore(trained.run, trained.student.step);
    });
    if (isHere && this.isOutdated) return this.load(next);
    if (isHere) await this.arrive();
    return isHere;
  }

  /** Edits are meant for this run, too. */
  get isEditable(): boolean {
    return this.current.isOutdated !== undefined;
  }

  /** There is something else to load than what is. */
  get isOutdated(): boolean {
    return this.current.isOutdated?.() ?? false;
  }

  /** Back to step 0 of the loaded run; as `load` otherwise. */
  async reset(plays?: boolean): Promise<void> {
    const id = crypto.randomUUID();
    const { isOutdated } = this.current;
    if (await this.begin({ id, plays, isOutdated }, () => engine.reset(id))) await this.arrive();
  }

  /** The run of the moment is over, since other data has come; a load is to follow. */
  leave(): void {
    this.end();
    this.set({ imagesVersion: this.state.imagesVersion + 1, isDataChanged: false, captionDoubts: [] });
  }

  /** Looking into the images has changed what the next load takes. */
  changeData(): void {
    this.set({ isDataChanged: true });
  }

  /** Trains on, or as soon as the run is loaded. Does nothing for a run that is over. */
  async play(): Promise<void> {
    const { phase } = this.state;
    if (phase === 'loading') this.set({ phase: 'starting' });
    if (!canGoOn(phase) || phase === 'running') return;
    this.showMoment(undefined);
    this.set({ phase: 'running' });
    await engine.play();
  }

  async pause(): Promise<void> {
    const { phase } = this.state;
    if (phase === 'starting') this.set({ phase: 'loading' });
    if (phase === 'running') await this.halt(engine.pause());
  }

  /** Sets the learning rate from the next step on, and notes it in the run's log. */
  async setLearningRate(learningRate: number): Promise<void> {
    this.showMoment(undefined);
    const answer = await engine.setLearningRate(learningRate);
    if (answer?.run !== this.state.runId) return;
    const { loadedRun } = this.state;
    this.set({ loadedRun: { ...loadedRun, train: { ...loadedRun.train, log: answer.log } } });
  }

  async step(): Promise<void> {
    if (!canGoOn(this.state.phase)) return;
    this.showMoment(undefined);
    await this.halt(engine.step());
  }

  /** Pauses, and shows the student as it was at one of the run's moments; without one, as it is. */
  async look(moment?: number): Promise<void> {
    if (this.state.phase === 'running') await this.pause();
    this.showMoment(moment);
    await engine.look(moment);
  }

  /** Takes in what the engine says of a run. */
  hear(event: Extract<EngineEvent, { run: string }>): void {
    if (event.run !== this.state.runId) return;
    switch (event.type) {
      case 'state':
        this.show();
        if (event.state === 'finished' || event.state === 'diverged' || event.state === 'failed')
          this.set({ phase: event.state });
        break;
      case 'step':
        this.parts.history.push(event.metrics);
        if (!this.latest) requestAnimationFrame(() => this.show());
        this.latest = event.metrics;
        break;
      case 'evaluation': {
        const { evaluation } = event;
        this.set({ evaluation, evaluations: withEvaluation(this.state.evaluations, evaluation) });
        break;
      }
      case 'moments':
        this.set({ moments: event.steps });
        break;
      case 'progress':
        this.set({ progress: withProgress(this.state.progress, event) });
        break;
      case 'notice':
        this.parts.report(event.message, true);
        break;
      case 'diverged':
        this.set({ diverged: { step: event.step, images: event.images } });
        break;
      case 'problem':
        this.parts.report(event.message);
    }
  }

  private get state(): RunState {
    return this.parts.store.getState();
  }

  private set(change: Partial<RunState>): void {
    this.parts.store.setState(change);
  }

  private end(): void {
    this.parts.keep();
    this.current = {};
    this.clear(crypto.randomUUID());
    this.set({ phase: 'loading' });
  }

  private takeData(): void {
    const { isDataChanged, imagesVersion } = this.state;
    if (isDataChanged) this.set({ isDataChanged: false, imagesVersion: imagesVersion + 1 });
  }

  private async begin(
    {
      id,
      plays = wantsPlay(this.state),
      isOutdated,
    }: Pick<LoadRequest, 'isOutdated'> & { id: string; plays?: boolean },
    work: (isCurrent: () => boolean) => Promise<void>,
  ): Promise<boolean> {
    this.end();
    const mine = { isOutdated };
    this.current = mine;
    const isCurrent = () => this.current === mine;
    this.set({ runId: id, phase: plays ? 'starting' : 'loading' });
    try {
      await work(isCurrent);
    } catch (error) {
      if (!isCurrent()) return false;
      this.set({ phase: 'failed' });
      throw error;
    }
    return isCurrent();
  }

  private async arrive(): Promise<void> {
    const startsNow = this.state.phase === 'starting';
    this.set({ phase: 'ready' });
    if (startsNow) await this.play();
  }

  /** The figures of a moment, or those of the last step, as the engine shows the student of then. */
  private showMoment(moment: number | undefined): void {
    const { history } = this.parts;
    if (moment === this.state.moment) return;
    this.latest = undefined;
    this.set({ moment, metrics: metricsAt(history.columns(), moment ?? history.length) });
  }

  /** Until the step under way has ended. */
  private async halt(answer: Promise<void>): Promise<void> {
    this.set({ phase: 'pausing' });
    await answer;
    // At rest the last step is there at once, not with the next frame.
    this.show();
    if (this.state.phase === 'pausing') this.set({ phase: 'paused' });
  }

  /** Fills the charts with the first steps of a run whose student was loaded as it was trained then. */
  private restore({ startedAt, curves, evaluations }: KeptRun, steps: number): void {
    const last = Math.min(steps, curves.step.length);
    this.parts.history.restore(curves, last, startedAt);
    const before = evaluations.filter(({ step }) => step < last);
    // The last one was measured anew when it was loaded.
    const anew = this.state.evaluations.filter(({ step }) => step >= last);
    this.set({
      metrics: metricsAt(curves, last),
      evaluations: [...before, ...anew],
      version: this.state.version + 1,
    });
  }

  /** Nothing learned yet. */
  private clear(runId: string): void {
    this.parts.history.clear();
    this.latest = undefined;
    const { version, progress } = this.state;
    this.set({
      runId,
      metrics: undefined,
      evaluation: undefined,
      evaluations: [],
      diverged: undefined,
      moments: [],
      moment: undefined,
      version: version + 1,
      progress: progress.filter(({ run }) => run === undefined),
    });
  }

  /** Steps reach the page at most once a frame. */
  private show(): void {
    const { latest } = this;
    if (latest) this.set({ metrics: latest, version: this.state.version + 1 });
    this.latest = undefined;
  }
}
