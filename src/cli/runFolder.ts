import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { InputError } from '../files/folder';
import { parseJson } from '../files/json';
import type { FileStore } from '../files/storage';
import type { EvaluationSummary } from '../run/report';
import type { StepMetrics } from '../train/events';
import type { Snapshot } from '../train/experiment';
import { latestSnapshot, storeSnapshot } from '../train/snapshotStore';
import { makeFolder, notWritten, writeToDisk } from './disk';
import { diskStore } from './diskStore';
import { lockFolder } from './lock';
import { say } from './say';

const METRICS = 'metrics.jsonl';
const CHECKPOINTS = 'checkpoints';
/** Written last: a folder that has it holds a finished run. */
const REPORT = 'report.html';

/** Where a run stopped, and what it had shown until then. */
export interface Stopped {
  snapshot: Snapshot;
  metrics: StepMetrics[];
  evaluations: EvaluationSummary[];
  /** What computed it. */
  device: string;
}

/** What a checkpoint says of itself. */
interface About {
  /** The run as JSON. */
  run: string;
  device: string;
  evaluations: EvaluationSummary[];
}

/** The folder that `distill` or `adapt` writes into. */
export class RunFolder {
  private readonly checkpoints: FileStore;

  constructor(readonly path: string) {
    this.checkpoints = diskStore(this.file(CHECKPOINTS));
  }

  /** What is in it already: nothing, a run that was stopped, a finished one, or something else. */
  private state(): 'empty' | 'stopped' | 'finished' | 'other' {
    const names =
      fs.existsSync(this.path) && fs.statSync(this.path).isDirectory() ? fs.readdirSync(this.path) : [];
    if (names.includes(REPORT)) return 'finished';
    if (names.includes(METRICS)) return 'stopped';
    return names.length > 0 ? 'other' : 'empty';
  }

  /**
   * Whether it holds the finished run already, which it says.
   *
   * @throws InputError where what is in it is not to be gone on with
   */
  isDone(resume: boolean): boolean {
    const state = this.state();
    if (state === 'empty') return false;
    if (state === 'other')
      throw new InputError(
        `${this.path} holds other files, and no run; give a folder as --out that is new or empty.`,
      );
    if (!resume)
      throw new InputError(
        `${this.path} holds a ${state} run already and is left as it is; ` +
          `give another --out${state === 'stopped' ? ', or --resume to go on with it' : ''}.`,
      );
    if (state === 'finished') say(`${this.path} holds a finished run; there is nothing to resume.`);
    return state === 'finished';
  }

  /**
   * Makes the folder and holds it until the process ends.
   *
   * @throws InputError where it can't be written, another process holds it, or what is in it leads elsewhere
   */
  async open(): Promise<void> {
    await makeFolder(this.path);
    await lockFolder(this.path);
    const link = fs.readdirSync(this.path, { withFileTypes: true }).find((entry) => entry.isSymbolicLink());
    if (link)
      throw new InputError(
        `${this.file(link.name)} is a link to elsewhere, where results are not written; remove it, or give another --out.`,
      );
  }

  private file(name: string): string {
    return path.join(this.path, name);
  }

  async write(name: string, contents: Uint8Array | string): Promise<void> {
    await writeToDisk(this.file(name), contents);
  }

  appendMetrics(metrics: StepMetrics): void {
    const file = this.file(METRICS);
    try {
      fs.appendFileSync(file, lineOf(metrics));
    } catch (error) {
      throw notWritten(file, error);
    }
  }

  /** Empties the metrics but for those given. */
  async startMetrics(metrics: StepMetrics[]): Promise<void> {
    await this.write(METRICS, metrics.map(lineOf).join(''));
  }

  /** The metrics of the first steps; a later line may be cut short. */
  private readMetrics(steps: number): StepMetrics[] {
    const file = this.file(METRICS);
    const lines = fs.readFileSync(file, 'utf8').split('\n', steps);
    return lines.map((line, i) => {
      const metrics = metricsSchema.safeParse(line).data;
      if (metrics?.step === i + 1) return metrics;
      throw new InputError(
        `${file} is damaged in line ${i + 1} of the ${steps} that the checkpoint goes on from; give another --out to start anew.`,
      );
    });
  }

  async writeCheckpoint(snapshot: Snapshot, { run, device, evaluations }: About): Promise<void> {
    const about = { run, device, evaluations: JSON.stringify(evaluations) };
    try {
      await storeSnapshot(this.checkpoints, snapshot, about);
    } catch (error) {
      throw notWritten(this.file(CHECKPOINTS), error);
    }
  }

  /**
   * What to go on from; undefined where the run stopped before its first checkpoint. It says which, and where the
   * device is another one.
   *
   * @param run the run as JSON; the checkpoint must be of the same
   */
  async goOn(run: string, device: string): Promise<Stopped | undefined> {
    const stopped = await this.readCheckpoint(run);
    if (!stopped) say('There is no checkpoint yet; starting at step 0.');
    else say(`Going on after step ${stopped.snapshot.step}.`);
    if (stopped && stopped.device !== device)
      say(`Until there it ran on ${stopped.device}, now on ${device}: the last digits may differ.`);
    return stopped;
  }

  /** As `goOn`, in silence. */
  async readCheckpoint(run: string): Promise<Stopped | undefined> {
    const stored = await latestSnapshot(this.checkpoints);
    if (!stored) return undefined;
    const { snapshot, about } = stored;
    const { evaluations, device, run: stoppedRun } = parseJson(aboutSchema, about, this.file(CHECKPOINTS));
    if (stoppedRun !== run)
      throw new InputError(
        `${this.path} holds another run than this run file describes, so it can't be resumed; give another --out.`,
      );
    return { snapshot, metrics: this.readMetrics(snapshot.step), evaluations, device };
  }

  removeCheckpoints(): void {
    fs.rmSync(this.file(CHECKPOINTS), { recursive: true, force: true });
  }

  async writeReport(html: string): Promise<void> {
    await this.write(REPORT, html);
  }
}

const lineOf = (metrics: StepMetrics): string => `${JSON.stringify(metrics)}\n`;

/** A value that stands in a text as JSON. */
const inJson = z.string().transform((json, context): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    context.addIssue('expected JSON');
    return z.NEVER;
  }
});

/** Figures that were no numbers stand as null. */
const figure = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

const metricsSchema = inJson.pipe(
  z.object({ step: z.int(), total: figure, learningRate: figure, imagesPerSecond: figure }).catchall(figure),
);

const accuracySchema = z.object({ top1: z.number().optional(), top5: z.number().optional() });

const aboutSchema = z.object({
  run: z.string(),
  device: z.string(),
  evaluations: inJson.pipe(
    z.array(
      z.object({
        step: z.number(),
        images: z.number(),
        heldOut: z.boolean(),
        teacher: accuracySchema,
        student: accuracySchema,
        agreement: z.number(),
      }),
    ),
  ),
});
