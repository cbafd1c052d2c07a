import type { Dataset } from '../data/dataset';
import type { ImageStore } from '../data/images/images';
import { trainingCounts } from '../data/splits/batches';
import { labelledPart } from '../data/splits/labelledPart';
import { writeTeacherPrompts } from '../distill/promptsrc/prompts';
import { InputError, type Progress } from '../files/folder';
import { type AdaptSettings, adaptSettings, parseAdaptRun } from '../run/adaptSchema';
import { contrastiveCard } from '../run/contrastiveCard';
import { runFacts } from '../run/facts';
import { type Run, runFile } from '../run/schema';
import { settleRun } from '../run/settle';
import { type AdaptationMetrics, adaptTeacher } from '../train/adaptTeacher';
import type { StepMetrics } from '../train/events';
import { makeTeacher } from '../train/makeTeacher';
import type { StageEvent, TaughtTeacher, TeacherResult } from './api';
import type { OpenedModels } from './openedModels';

/** Held-out images that a teacher is asked about before and after. */
const EVALUATION_IMAGES = 400;

interface StageParts {
  dataset: Dataset;
  images: ImageStore;
  models: OpenedModels;
  /** The machine, in a few words. */
  device: string;
}

/** What comes before a run: its teacher is made, or adapted. One at a time. */
export class Stages {
  private underWay?: AbortController;

  /** Stops what is under way; it rejects. */
  cancel(): void {
    this.underWay?.abort(new InputError('It was cancelled; the teacher is as it was.'));
  }

  /** @param run of the method "contrastive"; its student is what a run's teacher is called */
  async makeTeacher(
    run: Run,
    { models, device, ...data }: StageParts,
    listener: (event: StageEvent) => void,
  ): Promise<TaughtTeacher> {
    const signal = this.begin();
    const { images } = data;
    const dataset = labelled(data.dataset);
    const facts = { name: dataset.name, training: trainingCounts(dataset) };
    const { method, loss, train } = settleRun(run, facts);
    const student = await models.teacherOf({ teacher: String(run.student) });
    const inputs = { student, dataset, images, method, loss, train };
    const made = await makeTeacher(inputs, EVALUATION_IMAGES, {
      ...telling(listener, signal),
      onStart: ({ images, heldOut, student }) =>
        listener({ type: 'before', result: { images, heldOut, ...student } }),
    });
    signal.throwIfAborted();
    const settled = { ...run, train };
    const result = { accuracies: [made.before, made.after], folder: '.' };
    const { checkpointZip } = await import('./zips');
    const file = await checkpointZip(made.model, {
      'run.json': `${JSON.stringify(runFile(settled), null, 2)}\n`,
      'README.md': contrastiveCard({ run: settled, ...result, ...runFacts({ student, dataset, device }) }),
    });
    const { images: count, heldOut, student: after } = made.after;
    return { file, after: { images: count, heldOut, ...after } };
  }

  /** @param settings of a run file of Stage I */
  async adaptTeacher(
    settings: AdaptSettings,
    { models, dataset, images }: StageParts,
    listener: (event: StageEvent) => void,
  ): Promise<TaughtTeacher> {
    const signal = this.begin();
    const run = parseAdaptRun(settings, 'Settings');
    const teacher = await models.teacherOf(run);
    const inputs = { teacher, dataset, images, ...adaptSettings(run) };
    const { prompts, after } = await adaptTeacher(inputs, EVALUATION_IMAGES, {
      ...telling(listener, signal),
      onStart: (result) => listener({ type: 'before', result: ofAllClasses(result) }),
    });
    signal.throwIfAborted();
    return { file: new Blob([writeTeacherPrompts(prompts)]), after: ofAllClasses(after) };
  }

  private begin(): AbortSignal {
    this.cancel();
    this.underWay = new AbortController();
    return this.underWay.signal;
  }
}

const telling = (listener: (event: StageEvent) => void, signal: AbortSignal) => ({
  signal,
  onStep: (metrics: StepMetrics | AdaptationMetrics) => listener({ type: 'step', metrics: { ...metrics } }),
  onProgress: (progress: Progress) => listener({ type: 'progress', ...progress }),
  onNotice: (message: string) => listener({ type: 'notice', message }),
});

/** What both stages tell: not how base and new classes do by themselves. */
const ofAllClasses = ({ images, heldOut, top1, top5 }: TeacherResult): TeacherResult => ({
  images,
  heldOut,
  top1,
  top5,
});

/** The data without the images that a contrastive loss can't learn from. */
const labelled = (dataset: Dataset): Dataset =>
  dataset.classes.length > 0 ? labelledPart(dataset, dataset.classes.length) : dataset;
