import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { InputError } from '../files/folder';
import { parseJson } from '../files/json';
import { openSafetensors, readSafetensors, writeSafetensors } from '../files/safetensors';
import type { EvaluationSummary } from '../run/report';
import type { StepMetrics } from '../train/events';
import type { Snapshot } from '../train/experiment';
import { diskFile, writeToDisk } from './disk';

const METRICS = 'metrics.jsonl';
const CHECKPOINT = 'checkpoint.safetensors';
/** Written last: a folder that has it holds a finished run. */
const REPORT = 'report.html';

/** Where a run stopped, and what it had shown until then. */
export interface Stopped {
  snapshot: Snapshot;
  metrics: StepMetrics[];
  evaluations: EvaluationSummary[];
}

/** The folder that `distill` writes into. */
export class RunFolder {
  constructor(readonly path: string) {}

  /** Whether there is a run in it already: none, one that was stopped, or a finished one. */
  state(): 'empty' | 'stopped' | 'finished' {
    if (fs.existsSync(this.file(REPORT))) return 'finished';
    return fs.existsSync(this.path) && fs.readdirSync(this.path).length > 0 ? 'stopped' : 'empty';
  }

  private file(name: string): string {
    return path.join(this.path, name);
  }

  async write(name: string, contents: Uint8Array | string): Promise<void> {
    await writeToDisk(this.file(name), contents);
  }

  appendMetrics(metrics: StepMetrics): void {
    fs.appendFileSync(this.file(METRICS), `${JSON.stringify(metrics)}\n`);
  }

  /** Empties the metrics but for those given. */
  async startMetrics(metrics: StepMetrics[]): Promise<void> {
    await this.write(METRICS, metrics.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }

  /** The metrics of the first steps; a later line may be cut short. */
  private readMetrics(steps: number): StepMetrics[] {
    const lines = fs.readFileSync(this.file(METRICS), 'utf8').split('\n', steps);
    return lines.map((line) => JSON.parse(line));
  }

  async writeCheckpoint(
    { step, tensors }: Snapshot,
    run: string,
    evaluations: EvaluationSummary[],
  ): Promise<void> {
    const metadata = { step: String(step), run, evaluations: JSON.stringify(evaluations) };
    // Under another name first, so that a stop in the middle of writing leaves the one before whole.
    const unfinished = `${CHECKPOINT}.part`;
    await this.write(unfinished, writeSafetensors(tensors, { metadata }));
    fs.renameSync(this.file(unfinished), this.file(CHECKPOINT));
  }

  /**
   * What to go on from; undefined where the run stopped before its first checkpoint.
   *
   * @param run the run as JSON; the checkpoint must be of the same
   */
  async readCheckpoint(run: string): Promise<Stopped | undefined> {
    const file = this.file(CHECKPOINT);
    if (!fs.existsSync(file)) return undefined;
    const blob = await diskFile(file);
    const { metadata } = await openSafetensors(blob, file);
    const { step, run: stoppedRun, evaluations } = parseJson(checkpointSchema, metadata, file);
    if (stoppedRun !== run)
      throw new InputError(
        `${this.path} holds another run than this run file describes, so it can't be resumed; give another --out.`,
      );
    const metrics = this.readMetrics(step);
    return { snapshot: { step, tensors: await readSafetensors(blob, file) }, metrics, evaluations };
  }

  removeCheckpoint(): void {
    fs.rmSync(this.file(CHECKPOINT), { force: true });
  }

  async writeReport(html: string): Promise<void> {
    await this.write(REPORT, html);
  }
}

const accuracySchema = z.object({ top1: z.number().optional(), top5: z.number().optional() });

const evaluationsSchema = z.array(
  z.object({
    step: z.number(),
    images: z.number(),
    heldOut: z.boolean(),
    teacher: accuracySchema,
    student: accuracySchema,
    agreement: z.number(),
  }),
);

const checkpointSchema = z.object({
  step: z.coerce.number().int().positive(),
  run: z.string(),
  evaluations: z.string().transform((json) => evaluationsSchema.parse(JSON.parse(json))),
});
