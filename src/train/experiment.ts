import { type Checkpoint, saveCheckpoint } from '../clip/checkpoint';
import { isVisionWeight, type Precision, unpackAttention } from '../clip/weights';
import { evaluationIndices } from '../data/batches';
import type { Dataset } from '../data/dataset';
import type { ImageStore } from '../data/images';
import { readTensors } from '../device/hostTensors';
import { headsMetadata } from '../distill/heads';
import { methodLoss } from '../distill/objective';
import type { LossOptions, Method } from '../distill/options';
import { type StudentStart, startingTensors } from '../distill/startingTensors';
import { createStudent } from '../distill/student';
import { createTeacher, disposeTeacher, type Teacher, type TextOptions } from '../distill/teacher';
import { type EvaluationSet, evaluate } from '../evaluate/evaluation';
import type { Evaluation } from '../evaluate/results';
import { Random } from '../files/random';
import { writeSafetensors } from '../files/safetensors';
import type { HostTensors } from '../files/tensors';
import { BatchLoader } from './batchLoader';
import type { StepMetrics } from './events';
import type { TrainOptions } from './options';
import { sampleTexts } from './sampleTexts';
import { fitMemory, type StepMemory } from './stepMemory';
import { type StepResult, type TrainBatch, Trainer } from './trainer';

/** All that a run needs, opened. */
export interface ExperimentInputs extends StudentStart {
  teacher: Checkpoint;
  /** How the teacher's weights lie on the device; float32 where undefined. */
  teacherPrecision?: Precision;
  dataset: Dataset;
  images: ImageStore;
  method: Method;
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
  private trainer: Trainer;
  readonly memory: StepMemory;

  private constructor(
    private readonly inputs: ExperimentInputs,
    private readonly teacher: Teacher,
  ) {
    const { dataset, images, train, loss } = inputs;
    this.loader = new BatchLoader({
      dataset,
      images,
      teacherPreprocessor: inputs.teacher.preprocessor,
      studentPreprocessor: inputs.student.preprocessor,
      train,
      maxTexts: loss.maxTexts,
    });
    this.memory = fitMemory((recompute) => this.createTrainer(recompute), train.batchSize);
    this.trainer = this.createTrainer(this.memory.recompute);
  }

  /** Puts the models on the device and has the teacher read the texts. */
  static async load(inputs: ExperimentInputs, options: TextOptions): Promise<Experiment> {
    const { teacher: checkpoint, teacherPrecision, dataset } = inputs;
    const teacher = await createTeacher(checkpoint, dataset.texts, options, teacherPrecision);
    try {
      const experiment = new Experiment(inputs, teacher);
      if (experiment.memory.recompute)
        options.onNotice?.('To save memory, the student’s layers are computed twice in each step.');
      return experiment;
    } catch (error) {
      disposeTeacher(teacher);
      throw error;
    }
  }

  private createTrainer(recompute: boolean): Trainer {
    const { method, loss, train, teacher } = this.inputs;
    const start = startingTensors(this.inputs, teacher.config.projectionDim, train.parameters, train.seed);
    const { eduAttention } = methodLoss(method, loss);
    const student = createStudent(this.inputs.student.config, start, train.parameters, eduAttention);
    return new Trainer(this.teacher, student, method, loss, train, recompute);
  }

  /** Steps taken. */
  get step(): number {
    return this.trainer.step;
  }

  get isFinished(): boolean {
    return this.step >= this.inputs.train.steps;
  }

  /** The images and texts of the next step. */
  nextBatch(): Promise<TrainBatch> {
    return this.loader.trainBatch(this.step);
  }

  /** Sends a step to the device at once; the promise brings its figures when the device is done. */
  async train(batch: TrainBatch): Promise<Omit<StepMetrics, 'imagesPerSecond'>> {
    const { learningRate } = this.trainer;
    const done = this.trainer.trainStep(batch);
    const { step } = this;
    const result = await done;
    this.remember(batch, result);
    const { mean, variance } = result.figures;
    return { step, ...result.figures, align: mean + variance, learningRate };
  }

  /** Keeps what frozen towers made of pictures that will come again. */
  private remember({ keys }: TrainBatch, { teacherFeatures, studentFeatures }: StepResult): void {
    if (keys && teacherFeatures) this.loader.teacherFeatures.store(keys, teacherFeatures);
    if (keys && studentFeatures) this.loader.studentFeatures.store(keys, studentFeatures);
  }

  /** Both models on at most `limit` held-out images, the same each time. */
  async evaluate(limit: number): Promise<Evaluation> {
    const { step, teacher, loader, trainer } = this;
    const set = evaluationSet(this.inputs, limit);
    const open = (images: number[]) => loader.whole(images);
    return { step, ...(await evaluate(teacher, trainer.student, set, open, loader.teacherFeatures)) };
  }

  /** Everything that training has changed. No step may be taken meanwhile. */
  async snapshot(): Promise<Snapshot> {
    return { step: this.step, tensors: await this.trainer.state() };
  }

  /** Goes on from a snapshot of the same run. */
  restore({ step, tensors }: Snapshot): void {
    this.trainer.restore(tensors, step);
  }

  /** Back to step 0. */
  reset(): void {
    this.trainer.dispose();
    this.trainer = this.createTrainer(this.memory.recompute);
  }

  /** The student's files: a checkpoint folder `student/`, and `heads.safetensors`. No step may be taken meanwhile. */
  async exportStudent(): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
    const { weights, eduAttention } = this.trainer.student;
    const tensors = { ...this.inputs.student.tensors };
    const heads: HostTensors = {};
    for (const [name, tensor] of Object.entries(unpackAttention(await readTensors(weights))))
      (isVisionWeight(name) ? tensors : heads)[name] = tensor;
    const folder = await saveCheckpoint({ ...this.inputs.student, tensors });
    const files = new Map([...folder].map(([name, bytes]) => [`student/${name}`, bytes]));
    return files.set('heads.safetensors', writeSafetensors(heads, { metadata: headsMetadata(eduAttention) }));
  }

  dispose(): void {
    this.trainer.dispose();
    disposeTeacher(this.teacher);
  }
}

/** Keeps the random texts of evaluations apart from those of batches. */
const EVALUATION_STREAM = 3;

function evaluationSet({ dataset, loss, train }: ExperimentInputs, limit: number): EvaluationSet {
  const { indices: images, heldOut } = evaluationIndices(dataset, undefined, limit);
  const own = images.map((image) => dataset.images[image].texts);
  const random = Random.keyed(train.seed, EVALUATION_STREAM);
  const { texts, targets } = sampleTexts(own, dataset.texts.length, loss.maxTexts, random);
  const names = dataset.classes.length > 0 ? dataset.classes : dataset.texts;
  return {
    images,
    heldOut,
    paths: images.map((image) => dataset.images[image].path),
    right: targets,
    texts: texts ? Array.from(texts, (text) => names[text]) : names,
    textIndices: texts,
  };
}
