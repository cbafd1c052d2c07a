import type { Checkpoint } from '../clip/checkpoint';
import { checkCanLearn } from '../clip/families/families';
import { unpackAttention } from '../clip/weights';
import type { Dataset } from '../data/dataset';
import type { ImageStore } from '../data/images/images';
import { readTensors } from '../device/hostTensors';
import type { Precision } from '../device/webgpu/half';
import { type LossOptions, type MethodName, methods } from '../distill/methods/methods';
import { withAdaptedTexts } from '../distill/promptsrc/prompts';
import { type StudentStart, startingTensors } from '../distill/startingTensors';
import { createStudent, disposeStudent, type Student } from '../distill/student';
import {
  createTeacher,
  disposeTeacher,
  type Teacher,
  type TeacherPrompts,
  type TextOptions,
} from '../distill/teacher';
import type { FeatureCache } from '../distill/towerInput';
import { attentionMaps } from '../evaluate/attentionMaps';
import { evaluate } from '../evaluate/evaluation';
import type { AttentionMaps, Evaluation, ImageAnswers, SearchResult } from '../evaluate/results';
import type { ExportedStudent, PrecisionResult } from '../export/exportedStudent';
import { roundWeights, weightBytes, weightPrecisions } from '../export/precision';
import { InputError, type OnProgress } from '../files/folder';
import { type HostTensors, inMemory } from '../files/tensors';
import { BatchLoader } from './batchLoader';
import { evaluateWhole } from './evaluationSet';
import type { RunEvent, StepFigures } from './events';
import { everyPicture } from './everyPicture';
import type { TrainOptions } from './options';
import { type ImageQuestion, Questions } from './questions';
import { fitMemory, type StepMemory } from './stepMemory';
import type { StepResult, TrainBatch } from './stepTrainer';
import { Trainer } from './trainer';

/** An exported student's precisions are compared on at most so many held-out images. */
const PRECISION_IMAGES = 1000;

/** All that a run needs, opened. */
export interface ExperimentInputs extends StudentStart {
  teacher: Checkpoint;
  /** How the teacher's weights lie on the device; float32 where undefined. */
  teacherPrecision?: Precision;
  /** Of Stage I; without them the teacher is as it is. */
  teacherPrompts?: TeacherPrompts;
  /** What the teacher made of pictures in runs whose teacher, pictures and crops are the same, and what it will in this. */
  teacherFeatures?: FeatureCache;
  dataset: Dataset;
  images: ImageStore;
  method: MethodName;
  loss: LossOptions;
  train: TrainOptions;
}

/** A place in a run to go on from: what training has changed after `step` steps. */
export interface Snapshot {
  step: number;
  tensors: HostTensors;
}

/** Models, data and optimiser of one run. It knows nothing of when what is done; that is the session's. */
export class Experiment {
  private readonly loader: BatchLoader;
  private readonly questions: Questions;
  readonly memory: StepMemory;

  private constructor(
    private readonly inputs: ExperimentInputs,
    private readonly teacher: Teacher,
    private trainer: Trainer,
    onNotice?: (message: string) => void,
  ) {
    const { dataset, images, train, loss } = inputs;
    this.loader = new BatchLoader({
      dataset,
      images,
      teacherPreprocessor: inputs.teacher.preprocessor,
      studentPreprocessor: inputs.student.preprocessor,
      train,
      maxTexts: loss.maxTexts,
      teacherFeatures: inputs.teacherFeatures,
      ownTexts: methods[inputs.method].ownCaptions && dataset.classes.length === 0,
      onNotice,
    });
    this.questions = new Questions(inputs, teacher, this.loader);
    try {
      this.memory = fitMemory(trainer, train);
    } catch (error) {
      trainer.dispose();
      throw error;
    }
  }

  /** Puts the models on the device and has the teacher read the texts. */
  static async load(given: ExperimentInputs, options: TextOptions): Promise<Experiment> {
    const { teacher: checkpoint, teacherPrecision, teacherPrompts } = given;
    checkCanLearn(given.student);
    const dataset = teacherPrompts ? withAdaptedTexts(given.dataset, teacherPrompts) : given.dataset;
    const inputs = { ...given, dataset };
    for (const notice of [...checkpoint.notices, ...inputs.student.notices]) options.onNotice?.(notice);
    const teacher = await createTeacher(checkpoint, dataset.texts, options, teacherPrecision, teacherPrompts);
    try {
      const trainer = await createTrainer(inputs, teacher);
      const experiment = new Experiment(inputs, teacher, trainer, options.onNotice);
      if (experiment.memory.recompute)
        options.onNotice?.('To save memory, the student’s layers are computed twice in each step.');
      return experiment;
    } catch (error) {
      disposeTeacher(teacher);
      throw error;
    }
  }

  /** Steps taken. */
  get step(): number {
    return this.trainer.step;
  }

  get isFinished(): boolean {
    return this.step >= this.inputs.train.steps;
  }

  /** As of the trainer; a reset forgets it. */
  setLearningRate(learningRate: number): NonNullable<TrainOptions['log']> {
    return this.trainer.setLearningRate(learningRate);
  }

  /** The images and texts of the next step. */
  nextBatch(): Promise<TrainBatch> {
    return this.loader.trainBatch(this.step);
  }

  /** Sends a step to the device at once; the promise brings its figures when the device is done. */
  async train(batch: TrainBatch): Promise<StepFigures> {
    const { learningRate } = this.trainer;
    const done = this.trainer.trainStep(batch);
    const { step } = this;
    const result = await done;
    this.remember(batch, result);
    return { step, total: result.total, ...result.terms, learningRate };
  }

  /** Keeps what frozen towers made of pictures that will come again. */
  private remember({ keys }: TrainBatch, { teacherFeatures, studentFeatures }: StepResult): void {
    if (keys && teacherFeatures) this.loader.teacherFeatures.store(keys, teacherFeatures);
    if (keys && studentFeatures) this.loader.studentFeatures.store(keys, studentFeatures);
  }

  /** Both models on at most `limit` held-out images, the same each time. */
  evaluate(limit: number): Promise<Evaluation> {
    return this.evaluateStudent(this.trainer.student, limit);
  }

  private async evaluateStudent(student: Student, limit: number): Promise<Evaluation> {
    const { step, teacher, loader } = this;
    const open = (images: number[]) => loader.whole(images);
    return evaluateWhole(this.inputs, limit, loader.broken, async (set) => ({
      step,
      ...(await evaluate(teacher, student, set, open, loader.teacherFeatures)),
    }));
  }

  /** The evaluation, as the session tells it. */
  async report(limit: number): Promise<RunEvent> {
    return { type: 'evaluation', evaluation: await this.evaluate(limit) };
  }

  /** Where both image towers look in an image. No step may be taken meanwhile. */
  async attentionMaps(image: number): Promise<AttentionMaps> {
    if (!this.inputs.dataset.images[image]) throw new InputError(`The data has no image number ${image}.`);
    return attentionMaps(this.teacher, this.trainer.student, await this.loader.pixels(image));
  }

  /** What both models make of an image among texts. No step may be taken meanwhile. */
  ask(question: ImageQuestion, signal: AbortSignal): Promise<ImageAnswers> {
    return this.questions.answer(this.trainer.student, this.step, question, signal);
  }

  /** How well the held-out images go with a text. No step may be taken meanwhile. */
  search(text: string, signal: AbortSignal): Promise<SearchResult> {
    return this.questions.search(this.trainer.student, this.step, text, signal);
  }

  /** Everything that training has changed. No step may be taken meanwhile. */
  async snapshot(): Promise<Snapshot> {
    return { step: this.step, tensors: await this.trainer.state() };
  }

  /** Goes on from a snapshot of the same run. */
  restore({ step, tensors }: Snapshot): Promise<void> {
    return this.trainer.restore(tensors, step);
  }

  /** Back to step 0. */
  async reset(): Promise<void> {
    this.trainer.dispose();
    this.trainer = await createTrainer(this.inputs, this.teacher);
    this.trainer.recompute = this.memory.recompute;
    this.questions.reset();
  }

  /** The student as it is now. No step may be taken meanwhile. */
  async exportStudent(): Promise<ExportedStudent> {
    const { teacher } = this;
    const { weights, eduAttention } = this.trainer.student;
    const { student: checkpoint, teacher: teacherCheckpoint, dataset } = this.inputs;
    const { W } = await readTensors({ W: teacher.W });
    const tensors = unpackAttention(await readTensors(weights));
    return {
      step: this.step,
      checkpoint,
      teacher: teacherCheckpoint,
      isTeacherAdapted: this.inputs.teacherPrompts !== undefined,
      tensors,
      eduAttention,
      classes: dataset.classes,
      texts: dataset.texts,
      W,
      s: teacher.s,
      precisions: await this.precisions(tensors),
    };
  }

  /** All images of the data as the student compares them with texts. No step may be taken meanwhile. */
  async everyPicture(onProgress: OnProgress) {
    const { teacher, teacherPrompts, dataset, images: store } = this.inputs;
    const W = this.questions.searchedTexts();
    try {
      const { student } = this.trainer;
      const seen = await everyPicture(student, W, this.loader, dataset.images.length, onProgress);
      return { teacher, teacherPrompts, dataset, store, ...seen };
    } finally {
      W.dispose();
    }
  }

  /** The student with these tensors on held-out images, its weights in each precision of the exported files. */
  private async precisions(tensors: HostTensors): Promise<PrecisionResult[]> {
    const { eduAttention, config } = this.trainer.student;
    const results: PrecisionResult[] = [];
    for (const precision of weightPrecisions) {
      const rounded = inMemory(roundWeights(tensors, precision));
      const student = await createStudent(config, rounded, 'heads', eduAttention);
      try {
        const {
          images,
          heldOut,
          agreement,
          student: accuracy,
        } = await this.evaluateStudent(student, PRECISION_IMAGES);
        const bytes = weightBytes(tensors, precision);
        results.push({ precision, bytes, images, heldOut, agreement, top1: accuracy.top1 });
      } finally {
        disposeStudent(student);
      }
    }
    return results;
  }

  dispose(): void {
    this.trainer.dispose();
    disposeTeacher(this.teacher);
  }
}

/** What can be asked of both models needs a teacher and a student; undefined where there is none. */
export const distilling = (experiment?: object): Experiment | undefined =>
  experiment instanceof Experiment ? experiment : undefined;

/** Puts the student on the device, where it starts from. */
async function createTrainer(inputs: ExperimentInputs, teacher: Teacher): Promise<Trainer> {
  const { method, loss, train, student: checkpoint, dataset } = inputs;
  const { scalars } = methods[method];
  const start = startingTensors(inputs, teacher.config.projectionDim, train.parameters, train.seed, scalars);
  const hasEduAttention = methods[method].hasEduAttention?.(loss) ?? false;
  const student = await createStudent(checkpoint.config, start, train.parameters, hasEduAttention);
  return new Trainer(teacher, student, method, loss, train, dataset.classes.length === 0);
}
