import os from 'node:os';
import path from 'node:path';
import type { Checkpoint } from '../clip/checkpoint';
import type { DeviceInfo } from '../device/info';
import type { Precision } from '../device/webgpu/half';
import { methods } from '../distill/methods/methods';
import type { Evaluation } from '../evaluate/results';
import { checkpointFiles, type ExportedFile, studentFiles } from '../export/studentFiles';
import { InputError } from '../files/folder';
import { tuneHalfMatmul } from '../ops/webgpu/matmulTuning';
import { contrastiveCard } from '../run/contrastiveCard';
import { runFacts } from '../run/facts';
import { type CardFacts, modelCard } from '../run/modelCard';
import { type EvaluationSummary, type Report, reportHtml } from '../run/report';
import { parseRun, type Run, runFile } from '../run/schema';
import type { PlainAccuracy, SessionEvent, StepMetrics } from '../train/events';
import { distilling, type ExperimentInputs, type Snapshot } from '../train/experiment';
import { Pretraining, type PretrainingInputs } from '../train/pretraining';
import { Session } from '../train/session';
import { nextSnapshotAt } from '../train/snapshotStore';
import { startBackend } from './device';
import { parseFlags, required } from './flags';
import { openPretraining, openRun, readRunFile, withRelativePaths } from './openRun';
import { progressPrinter } from './progress';
import { RunFolder } from './runFolder';
import { printJson, say } from './say';
import { tuningFile } from './tuningFile';

const USAGE =
  'cli distill RUN.json --out DIR [--resume] [--backend webgpu|wasm] [--teacher-precision float32|float16|float16-arithmetic]';

const EVALUATION_IMAGES = { during: 64, atEnd: Number.POSITIVE_INFINITY };

/** `distill`: carries out a run file. */
export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parseFlags(
    args,
    {
      out: { type: 'string' },
      resume: { type: 'boolean' },
      backend: { type: 'string' },
      'teacher-precision': { type: 'string' },
    },
    ['RUN.json'],
    USAGE,
  );
  const folder = new RunFolder(path.resolve(required(values.out, '--out', USAGE)));
  if (folder.isDone(values.resume ?? false)) return;
  const teacherPrecision = parsePrecision(values['teacher-precision']);
  const parsed = await readRunFile(positionals[0], parseRun);
  await folder.open();
  const device = await startBackend(values.backend);
  if (teacherPrecision === 'float16-arithmetic') await tuneHalfMatmul({ store: tuningFile });
  const inputs = methods[parsed.method].hasNoTeacher
    ? await openPretraining(parsed, progressPrinter())
    : { ...(await openRun(parsed, progressPrinter())), teacherPrecision };
  const settled: Run = { ...parsed, train: inputs.train };
  await new Distillation(folder, settled, inputs, device).carryOut(values.resume ?? false);
}

function parsePrecision(flag = 'float32'): Precision {
  if (flag === 'float32' || flag === 'float16' || flag === 'float16-arithmetic') return flag;
  throw new InputError(`--teacher-precision ${flag}: float32, float16 or float16-arithmetic would be right.`);
}

/** What report and model card tell of a run. */
type RunReport = Report & Omit<CardFacts, 'precisions' | 'files'>;

/** One run on the command line: the session, and the folder that its results go to. */
class Distillation {
  private readonly session = new Session((event) => this.hear(event));
  private readonly onProgress = progressPrinter();
  /** The run file as JSON with paths from the folder, by which a checkpoint is known to be of the same run. */
  private readonly runJson: string;
  private metrics: StepMetrics[] = [];
  private evaluations: EvaluationSummary[] = [];
  /** Where there is no teacher to evaluate with. */
  private accuracies: PlainAccuracy[] = [];
  private nextCheckpointAt = 0;
  private writing: Promise<void> = Promise.resolve();
  private end: (problem?: Error) => void = () => undefined;

  constructor(
    private readonly folder: RunFolder,
    private readonly settled: Run,
    private readonly inputs: ExperimentInputs | PretrainingInputs,
    private readonly device: DeviceInfo,
  ) {
    this.runJson = `${JSON.stringify(runFile(withRelativePaths(settled, folder.path)), null, 2)}\n`;
  }

  async carryOut(resume: boolean): Promise<void> {
    const snapshot = resume ? await this.goOn() : undefined;
    await this.folder.startMetrics(this.metrics);
    await this.session.load({ ...this.inputs, snapshot, evaluationImages: EVALUATION_IMAGES });
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => void this.interrupt(128 + os.constants.signals[signal]));
    const problem = await new Promise<Error | undefined>((resolve) => {
      this.end = resolve;
      void this.session.play();
    });
    if (problem) throw problem;
    await this.writeResults();
  }

  private async goOn(): Promise<Snapshot | undefined> {
    const stopped = await this.folder.goOn(this.runJson, this.device.description);
    if (!stopped) return undefined;
    this.metrics = stopped.metrics;
    this.evaluations = stopped.evaluations;
    return stopped.snapshot;
  }

  private hear(event: SessionEvent): void {
    if (event.type === 'step') this.hearStep(event.metrics);
    else if (event.type === 'evaluation') this.hearEvaluation(event.evaluation);
    else if (event.type === 'accuracy') this.hearAccuracy(event.accuracy);
    else if (event.type === 'progress') this.onProgress(event);
    else if (event.type === 'notice') say(event.message);
    else if (event.type === 'problem') this.end(new Error(event.message));
    else if (event.type === 'state' && event.state === 'finished') this.end();
  }

  private hearStep(metrics: StepMetrics): void {
    this.metrics.push(metrics);
    this.folder.appendMetrics(metrics);
    const { step } = metrics;
    this.onProgress({ label: 'distilling', done: step, total: this.inputs.train.steps, unit: 'steps' });
    if (performance.now() >= this.nextCheckpointAt)
      this.writing = this.writeCheckpoint().catch((error) => this.end(error));
  }

  private hearEvaluation({ step, images, heldOut, teacher, student, agreement }: Evaluation): void {
    this.evaluations.push({ step, images, heldOut, teacher, student, agreement });
    if (step > 0 && step < this.inputs.train.steps) return;
    const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
    say(
      student.top1 === undefined || teacher.top1 === undefined
        ? `Step ${step}: the student gives the teacher's answer in ${percent(agreement)}; no image has a label.`
        : `Step ${step}: the student is right in ${percent(student.top1)}, the teacher in ${percent(teacher.top1)}.`,
    );
  }

  private hearAccuracy(accuracy: PlainAccuracy): void {
    this.accuracies.push(accuracy);
    const { step, student } = accuracy;
    if ((step > 0 && step < this.inputs.train.steps) || student.top1 === undefined) return;
    say(`Step ${step}: the right text comes first in ${(100 * student.top1).toFixed(1)} %.`);
  }

  private async writeCheckpoint(): Promise<void> {
    const start = performance.now();
    this.nextCheckpointAt = Number.POSITIVE_INFINITY;
    const snapshot = await this.session.snapshot();
    const { runJson: run, evaluations } = this;
    if (snapshot)
      await this.folder.writeCheckpoint(snapshot, { run, device: this.device.description, evaluations });
    this.nextCheckpointAt = nextSnapshotAt(start);
  }

  /** Ctrl-C, or a machine that goes down. */
  private async interrupt(exitCode: number): Promise<void> {
    try {
      await this.session.pause();
      await this.writing;
      await this.writeCheckpoint();
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
      process.exit(2);
    }
    say(`Stopped after step ${this.metrics.length}; the same command with --resume goes on from there.`);
    process.exit(exitCode);
  }

  private async writeResults(): Promise<void> {
    await this.writing;
    const report = this.report();
    const model = await this.session.ask(async (all) =>
      all instanceof Pretraining ? all.exportModel() : undefined,
    );
    if (model) await this.writeModel(model, report);
    else await this.writeStudent(report);
    await this.folder.write('run.json', this.runJson);
    await this.folder.writeReport(reportHtml(report));
    this.folder.removeCheckpoints();
    await this.session.dispose();
    const last = this.evaluations.at(-1) ?? this.accuracies.at(-1);
    printJson({ out: this.folder.path, steps: this.metrics.length, ...last });
  }

  private async writeModel(model: Checkpoint, report: RunReport): Promise<void> {
    await this.writeFiles(checkpointFiles(model));
    const { accuracies } = this;
    await this.folder.write('README.md', contrastiveCard({ ...report, accuracies, folder: 'student' }));
  }

  private async writeStudent(report: RunReport): Promise<void> {
    const student = await this.session.ask(async (all) => distilling(all)?.exportStudent());
    const { buildAnswersTemplate } = await import('./answersTemplate');
    const template = await buildAnswersTemplate();
    if (!student) return;
    const files = await this.writeFiles(studentFiles(student, template));
    await this.folder.write('README.md', modelCard({ ...report, precisions: student.precisions, files }));
  }

  /** Answers the paths of what it has written. */
  private async writeFiles(files: AsyncIterable<ExportedFile>): Promise<string[]> {
    const written: string[] = [];
    for await (const [name, bytes] of files) {
      await this.folder.write(name, bytes);
      written.push(name);
    }
    return written;
  }

  private report(): RunReport {
    return {
      title: `Distillation of ${path.basename(this.folder.path)}`,
      run: withRelativePaths(this.settled, this.folder.path),
      metrics: this.metrics,
      evaluations: this.evaluations,
      ...runFacts({ ...this.inputs, device: this.device.description }),
    };
  }
}
