import { InputError } from '../files/folder';
import { writeSafetensors } from '../files/safetensors';
import type { FileStore } from '../files/storage';
import type { EvaluationSummary } from '../run/report';
import type { Run } from '../run/schema';
import { firstNotFinite } from '../train/divergence';
import type { SessionEvent, StepMetrics } from '../train/events';
import type { Snapshot } from '../train/experiment';
import type { Session } from '../train/session';
import { snapshotFileAt, storedSteps, storeSnapshot } from '../train/snapshotStore';
import type { EngineEvent, Past, TrainedStudent } from './api';
import { holdRun } from './runLock';
import {
  describeDropped,
  dropOldest,
  type Keepable,
  type Kept,
  storeGiven,
  storeOf,
  writeAbout,
} from './stoppedRuns';
import { StoringTime } from './storingTime';

/** So often the student is stored: its moments are what a run's past can be looked at in. */
const EVERY_MS = 1000;
/** What the moments of one run may take. */
const MOST_BYTES = 256e6;

/** Stores the run of the moment beside its training. */
export class Checkpoints {
  private kept?: Kept;
  private readonly time = new StoringTime(EVERY_MS);
  private isWriting = false;
  private writing: Promise<void> = Promise.resolve();
  private hasComplained = false;

  constructor(
    private readonly snapshot: Session['snapshot'],
    private readonly emit: (event: EngineEvent) => void,
    private readonly store: Promise<FileStore>,
  ) {}

  /** From now on this run is kept. @param past what it has shown already, where it goes on after `step` steps */
  begin(run: Keepable, past?: Past, step = 0): void {
    this.time.begin(run.bytes);
    const curves = Object.entries(past?.curves ?? {}).map(
      ([name, values]) => [name, Array.from(values.subarray(0, step))] as const,
    );
    this.kept = {
      ...run,
      startedAt: past?.startedAt ?? Date.now(),
      curves: Object.fromEntries(curves),
      evaluations: past?.evaluations.filter((one) => one.step <= step) ?? [],
      storedStep: step,
    };
  }

  /** The student of the run of the moment as it is; undefined before models are loaded. */
  async studentNow(): Promise<TrainedStudent | undefined> {
    const snapshot = await this.snapshot();
    if (!snapshot) return undefined;
    const { run, step, tensors } = snapshot;
    return { run, step, tensors: new Blob([writeSafetensors(tensors)]) };
  }

  /** The student of the run of the moment as it was after a step that was told as one of its moments. */
  async studentAt(step: number): Promise<TrainedStudent> {
    const { kept } = this;
    const tensors = kept && (await snapshotFileAt(storeOf(await this.store, kept.id), step));
    if (!tensors) throw new InputError(`The student as it was after step ${step} is no longer kept.`);
    return { run: kept.id, step, tensors };
  }

  /** Those of the run of the moment up to a step. */
  evaluationsUntil(step: number): EvaluationSummary[] {
    return this.kept?.evaluations.filter((one) => one.step <= step) ?? [];
  }

  /** Says what of the run of the moment can be looked at. */
  async tellMoments(): Promise<void> {
    const run = this.kept?.id ?? '';
    const steps = await this.store.then((store) => storedSteps(storeOf(store, run))).catch(() => []);
    if (run === this.kept?.id) this.emit({ type: 'moments', run, steps });
  }

  /** The same settings, from step 0, as a run of its own. */
  beginAnew(id: string): void {
    if (this.kept) this.begin({ ...this.kept, id });
    void holdRun(id);
  }

  /** To be told of what was set while the run runs. */
  setLog(log: Run['train']['log']): void {
    if (!this.kept) return;
    const { run } = this.kept;
    this.kept.run = { ...run, train: { ...run.train, log } };
  }

  hear(event: SessionEvent): void {
    const { kept } = this;
    if (event.run !== kept?.id) return;
    if (event.type === 'step') this.hearStep(kept, event.metrics);
    else if (event.type === 'evaluation') {
      const { step, images, heldOut, teacher, student, agreement } = event.evaluation;
      const others = kept.evaluations.filter((one) => one.step !== step);
      const one = { step, images, heldOut, teacher, student, agreement };
      kept.evaluations = [...others, one].sort((a, b) => a.step - b.step);
    } else if (event.type === 'state') {
      if (event.state === 'running') this.time.run();
      else this.time.rest();
      if (event.state === 'paused' || event.state === 'finished') void this.write();
    }
  }

  private hearStep(kept: Kept, metrics: StepMetrics): void {
    if (metrics.step === 1) kept.startedAt = Date.now();
    for (const [name, value] of Object.entries(metrics)) {
      kept.curves[name] ??= [];
      kept.curves[name][metrics.step - 1] = value;
    }
    if (!this.isWriting && this.time.isDue()) void this.write();
  }

  /** Stores the student as it is, where the last checkpoint is of an earlier step. Never rejects. */
  write(): Promise<void> {
    this.isWriting = true;
    this.writing = this.writing
      .then(() => this.time.measure(() => this.writeNow()))
      .finally(() => {
        this.isWriting = false;
      });
    return this.writing;
  }

  /** @returns when the steps stood still for it; undefined where there is nothing new */
  private async writeNow(): Promise<number | undefined> {
    const { kept } = this;
    // A device that is lost tells of it itself.
    const snapshot = await this.snapshot().catch(() => undefined);
    if (!kept || snapshot?.run !== kept.id || snapshot.step <= kept.storedStep) return undefined;
    if (firstNotFinite(snapshot.tensors)) return undefined;
    await this.store.then((store) => this.put(store, kept, snapshot)).catch((error) => this.complain(error));
    return snapshot.since;
  }

  private async put(store: FileStore, kept: Kept, snapshot: Snapshot): Promise<void> {
    const own = storeOf(store, kept.id);
    if (!kept.dropped) await storeGiven(own, kept);
    kept.dropped ??= await describeDropped(kept);
    const about = writeAbout(kept, kept.dropped, snapshot.step);
    // Where nobody tells the room, it may be small.
    const mostBytes = Math.min(MOST_BYTES, ((await store.room()) ?? MOST_BYTES) / 4);
    await storeSnapshot(own, snapshot, about, mostBytes);
    kept.storedStep = snapshot.step;
    this.hasComplained = false;
    await dropOldest(store, kept.id);
    await this.tellMoments();
  }

  private async complain(error: unknown): Promise<void> {
    if (this.hasComplained) return;
    this.hasComplained = true;
    console.warn(error);
    const isFull = error instanceof Error && error.name === 'QuotaExceededError';
    const room = isFull ? await (await this.store).room().catch(() => undefined) : undefined;
    const left = room === undefined ? '' : ` (${Math.round(room / 1e6)} MB are left)`;
    this.emit({
      type: 'problem',
      message: isFull
        ? `The browser’s storage is full${left}, so what is learned from now on lasts no longer than this tab. Stored models can be deleted under Models. Training goes on.`
        : 'The browser stores nothing for this page, so what is learned lasts no longer than this tab. Training goes on.',
    });
  }
}
