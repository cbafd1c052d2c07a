import * as tf from '@tensorflow/tfjs-core';
import type { Checkpoint } from '../clip/checkpoint';
import type { Dataset } from '../data/dataset';
import type { ImageStore } from '../data/images/images';
import { baseClassCount } from '../data/splits/baseClasses';
import { batchesPerEpoch, trainingIndices } from '../data/splits/batches';
import { labelledPart } from '../data/splits/labelledPart';
import { createVariables } from '../device/variables';
import { epochWeights, type GaussianAverage } from '../distill/promptsrc/epochs';
import {
  createFrozenTeacher,
  disposeFrozenTeacher,
  type FrozenTeacher,
} from '../distill/promptsrc/frozenTeacher';
import type { PromptSrcWeights } from '../distill/promptsrc/loss';
import {
  checkTeacherPrompts,
  checkWords,
  initialTeacherPrompts,
  type PromptSizes,
  promptTensors,
  TEXT_PROMPTS,
  VISUAL_PROMPTS,
  withAdaptedTexts,
} from '../distill/promptsrc/prompts';
import { embedTexts, promptTensor, type TeacherPrompts, type TextOptions } from '../distill/teacher';
import type { TensorFile } from '../distill/tensorFile';
import { InputError } from '../files/folder';
import { type HostTensors, inMemory } from '../files/tensors';
import { BatchLoader } from './batchLoader';
import type { Snapshot } from './experiment';
import type { TrainOptions } from './options';
import { type PromptLosses, PromptTrainer, type PromptTrainOptions } from './promptTrainer';
import type { Stage } from './stage';
import { fitMemory } from './stepMemory';
import type { TrainBatch } from './stepTrainer';
import { type TeacherResults, teacherResults } from './teacherResults';

/** All that Stage I needs, opened. */
export interface AdaptationInputs {
  teacher: Checkpoint;
  dataset: Dataset;
  images: ImageStore;
  /** Starting values of both towers' prompts; random ones and the words' own where undefined. */
  prompts?: TensorFile;
  sizes: PromptSizes;
  /** What the frozen text features are averaged over, each with {} where the class name belongs. */
  templates: string[];
  /** 'base' leaves out the second half of the classes, as base-to-new asks. */
  classes: 'all' | 'base';
  loss: PromptSrcWeights;
  average: GaussianAverage;
  train: PromptTrainOptions & Pick<TrainOptions, 'batchSize' | 'shuffle' | 'augment' | 'seed'>;
}

/** A step's figures; losses are unweighted except the total. */
export interface AdaptationFigures extends PromptLosses {
  step: number;
  learningRate: number;
}

/** Stage I of ComKD-CLIP, PromptSRC: a teacher, and the prompts that adapt it to the classes of its data. */
export class Adaptation implements Stage<AdaptationFigures> {
  /** Steps of the whole run. */
  readonly steps: number;
  private readonly epochWeights: number[];

  /** @param average Σ w_e θ_e over the epochs so far, by the prompts' names */
  private constructor(
    private readonly inputs: AdaptationInputs,
    private readonly frozen: FrozenTeacher,
    private readonly trainer: PromptTrainer,
    private readonly loader: BatchLoader,
    private readonly stepsPerEpoch: number,
    private average: HostTensors,
  ) {
    const { train, average: gaussian } = inputs;
    this.steps = train.epochs * stepsPerEpoch;
    this.epochWeights = epochWeights(train.epochs, gaussian);
  }

  /**
   * Puts the teacher on the device and has it read the class names.
   *
   * @throws InputError where the data has no labels to learn from, or the prompts don't fit
   */
  static async load(inputs: AdaptationInputs, options: TextOptions): Promise<Adaptation> {
    const { teacher: checkpoint, dataset, sizes, templates, loss, train } = inputs;
    const part = trainingPart(inputs);
    const stepsPerEpoch = batchesPerEpoch(trainingIndices(part), train.batchSize);
    const start = await startingPrompts(inputs);
    for (const notice of checkpoint.notices) options.onNotice?.(notice);
    const texts = { texts: dataset.texts, classes: part.classes, words: sizes.words, templates };
    const frozen = await createFrozenTeacher(checkpoint, texts, options);
    let trainer: PromptTrainer | undefined;
    try {
      const trained = await createVariables(inMemory(start));
      trainer = new PromptTrainer(frozen, trained, loss, train, stepsPerEpoch);
      if (fitMemory(trainer, train).recompute)
        options.onNotice?.('To save memory, the teacher’s layers are computed twice in each step.');
      const loader = createLoader(inputs, part, options);
      return new Adaptation(inputs, frozen, trainer, loader, stepsPerEpoch, zeros(start));
    } catch (error) {
      trainer?.dispose();
      disposeFrozenTeacher(frozen);
      throw error;
    }
  }

  /** Steps taken. */
  get step(): number {
    return this.trainer.step;
  }

  get isFinished(): boolean {
    return this.step >= this.steps;
  }

  private get isEpochEnd(): boolean {
    return this.step % this.stepsPerEpoch === 0;
  }

  /** The images of the next step. */
  nextBatch(): Promise<TrainBatch> {
    return this.loader.trainBatch(this.step);
  }

  /** Takes a step; after the last one of an epoch, its prompts go into the average. */
  async train(batch: TrainBatch): Promise<AdaptationFigures> {
    const { learningRate } = this.trainer;
    const { losses, frozenFeatures } = await this.trainer.trainStep(batch);
    if (batch.keys && frozenFeatures) this.loader.teacherFeatures.store(batch.keys, frozenFeatures);
    if (this.isEpochEnd) await this.addToAverage(this.epochWeights[this.step / this.stepsPerEpoch - 1]);
    return { step: this.step, ...losses, learningRate };
  }

  private async addToAverage(weight: number): Promise<void> {
    for (const [name, { data }] of Object.entries(await this.trainer.prompts())) {
      const sum = this.average[name].data;
      for (const [i, value] of data.entries()) sum[i] += weight * value;
    }
  }

  /** θ, the average over the epochs: Stage I's result after the last step. */
  get prompts(): TeacherPrompts {
    const { [VISUAL_PROMPTS]: visual, [TEXT_PROMPTS]: text } = this.average;
    return { visual, text, words: this.inputs.sizes.words };
  }

  /**
   * The teacher as it was, asked with the data's own texts, on at most `limit` images; on all classes, also where only
   * the base ones are adapted to.
   */
  evaluate(limit: number): Promise<TeacherResults> {
    return teacherResults(this.frozen.teacher, this.inputs.dataset, this.loader, 'teacher', limit);
  }

  /** As `evaluate`, of the teacher with the prompts θ. */
  async evaluateAdapted(limit: number): Promise<TeacherResults> {
    const { prompts, frozen, inputs, loader } = this;
    const { texts } = withAdaptedTexts(inputs.dataset, prompts);
    const W = await embedTexts(inputs.teacher, texts, {}, prompts.text);
    const visual = promptTensor(prompts.visual);
    const weights = { ...frozen.teacher.weights, prompts: visual };
    try {
      return await teacherResults(
        { ...frozen.teacher, weights, W },
        inputs.dataset,
        loader,
        'student',
        limit,
      );
    } finally {
      tf.dispose([W, visual]);
    }
  }

  /** Everything that training has changed. */
  async snapshot(): Promise<Snapshot> {
    const average = Object.entries(this.average).map(([name, tensor]) => [`${AVERAGE}${name}`, tensor]);
    return { step: this.step, tensors: { ...(await this.trainer.state()), ...Object.fromEntries(average) } };
  }

  /** Goes on from a snapshot of the same run. */
  restore({ step, tensors }: Snapshot): void {
    this.trainer.restore(tensors, step);
    const names = Object.keys(this.average);
    this.average = Object.fromEntries(names.map((name) => [name, tensors[`${AVERAGE}${name}`]]));
  }

  dispose(): void {
    this.trainer.dispose();
    disposeFrozenTeacher(this.frozen);
  }
}

/** What the average's tensors are called in a snapshot: this, and the prompts' names. */
const AVERAGE = 'average.';

/** @throws InputError where there is nothing to learn from */
function trainingPart({ dataset, classes }: AdaptationInputs): Dataset {
  const count = dataset.classes.length;
  if (count === 0)
    throw new InputError(
      `${dataset.name} has captions, but a teacher is adapted to class names and labels. Take data with classes, or, ` +
        'where its texts are class names, say so: dataOptions.columns with "kind": "classes".',
    );
  const part = labelledPart(dataset, classes === 'base' ? baseClassCount(count) : count);
  if (part.images.some(({ split }) => split === 'train')) return part;
  throw new InputError(
    `No training image of ${dataset.name} has a label, and a teacher is adapted by labels; ` +
      'put each class’s images in a folder of its name.',
  );
}

async function startingPrompts({ teacher, prompts, sizes, train }: AdaptationInputs): Promise<HostTensors> {
  await checkWords(teacher, sizes);
  return promptTensors(
    prompts
      ? checkTeacherPrompts(prompts, teacher.config, sizes)
      : await initialTeacherPrompts(teacher, sizes, train.seed),
  );
}

/** What the loader takes for a student is here the teacher with prompts: it sees the same pictures. */
function createLoader(
  { teacher: { preprocessor }, images, train }: AdaptationInputs,
  dataset: Dataset,
  { onNotice }: TextOptions,
): BatchLoader {
  return new BatchLoader({
    dataset,
    images,
    teacherPreprocessor: preprocessor,
    studentPreprocessor: preprocessor,
    train,
    maxTexts: Number.POSITIVE_INFINITY,
    onNotice,
  });
}

function zeros(tensors: HostTensors): HostTensors {
  const entries = Object.entries(tensors).map(([name, { shape, data }]) => [
    name,
    { shape, data: new Float32Array(data.length) },
  ]);
  return Object.fromEntries(entries);
}
