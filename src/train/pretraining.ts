import * as tf from '@tensorflow/tfjs-core';
import type { Checkpoint } from '../clip/checkpoint';
import { checkIsClip } from '../clip/families/families';
import { STANDARD_VOCABULARY, standardTokenizer } from '../clip/standardTokenizer';
import { LearningClip } from '../distill/clip';
import { methods } from '../distill/methods/methods';
import { type TextOptions, tokenise } from '../distill/teacher';
import { inputShape } from '../distill/towerInput';
import { IMAGE_BATCH } from '../evaluate/evaluation';
import { largestOfRows, recallAt } from '../evaluate/ranking';
import { InputError } from '../files/folder';
import { BatchLoader } from './batchLoader';
import { ContrastiveTrainer } from './contrastiveTrainer';
import { evaluateWhole } from './evaluationSet';
import type { PlainAccuracy, StepFigures } from './events';
import type { ExperimentInputs, Snapshot } from './experiment';
import type { Stage } from './stage';
import { fitMemory, type StepMemory } from './stepMemory';
import type { TrainBatch } from './stepTrainer';

/** All that contrastive training needs, opened. */
export type PretrainingInputs = Pick<
  ExperimentInputs,
  'student' | 'dataset' | 'images' | 'method' | 'loss' | 'train'
>;

/** Texts that go through the text tower at once. */
const TEXT_BATCH = 64;
const BEST = 5;

/** A CLIP that learns from pairs alone, and its data. It knows nothing of when what is done; that is the session's. */
export class Pretraining implements Stage<StepFigures> {
  private readonly loader: BatchLoader;
  readonly memory: StepMemory;

  private constructor(
    private readonly inputs: PretrainingInputs,
    private readonly ids: Int32Array,
    private trainer: ContrastiveTrainer,
    onNotice?: (message: string) => void,
  ) {
    const { dataset, images, student, train, loss } = inputs;
    this.loader = new BatchLoader({
      dataset,
      images,
      studentPreprocessor: student.preprocessor,
      train,
      maxTexts: loss.maxTexts,
      ownTexts: true,
      onNotice,
    });
    try {
      this.memory = fitMemory(trainer, train);
    } catch (error) {
      trainer.dispose();
      throw error;
    }
  }

  /** Puts the model on the device, ready for the data's texts. */
  static async load(inputs: PretrainingInputs, options: TextOptions): Promise<Pretraining> {
    for (const notice of inputs.student.notices) options.onNotice?.(notice);
    const student = await readingCheckpoint(inputs.student);
    const ids = await tokenise(student, inputs.dataset.texts, options);
    const whole = { ...inputs, student };
    const trainer = await createTrainer(whole, ids);
    return new Pretraining(whole, ids, trainer, options.onNotice);
  }

  get step(): number {
    return this.trainer.step;
  }

  /** Steps of the whole run. */
  get steps(): number {
    return this.inputs.train.steps;
  }

  get isFinished(): boolean {
    return this.step >= this.steps;
  }

  nextBatch(): Promise<TrainBatch> {
    return this.loader.trainBatch(this.step);
  }

  /** Sends a step to the device at once; the promise brings its figures when the device is done. */
  async train(batch: TrainBatch): Promise<StepFigures> {
    const { learningRate } = this.trainer;
    const done = this.trainer.trainStep(batch);
    const { step } = this;
    const { total, terms } = await done;
    return { step, total, ...terms, learningRate };
  }

  /** How often the right text comes first, on at most `limit` held-out images, the same each time. */
  async report(limit: number): Promise<{ type: 'accuracy'; accuracy: PlainAccuracy }> {
    const { step } = this;
    return evaluateWhole(this.inputs, limit, this.loader.broken, async (set) => {
      const best = await this.bestTexts(set.images, set.textIndices);
      const { images, heldOut, right } = set;
      const student = { top1: recallAt(1, best, right), top5: recallAt(BEST, best, right) };
      return { type: 'accuracy', accuracy: { step, images: images.length, heldOut, student } };
    });
  }

  /** The texts that go best with each image, as positions among `texts`, the likeliest first. */
  private async bestTexts(images: number[], texts?: Int32Array): Promise<number[][]> {
    const W = await this.textFeatures(texts ?? Int32Array.from(this.inputs.dataset.texts.keys()));
    const best: number[][] = [];
    try {
      for (let from = 0; from < images.length; from += IMAGE_BATCH) {
        const some = images.slice(from, from + IMAGE_BATCH);
        const { student } = await this.loader.whole(some);
        if (!('pixels' in student)) throw new Error('A tower that learns has no features to go by.');
        const cosines = tf.tidy(() => {
          const { clip } = this.trainer;
          const shape = inputShape(student, some.length, clip.config.vision.imageSize);
          return tf.matMul(clip.images(tf.tensor(student.pixels, shape)), W, false, true);
        });
        best.push(...largestOfRows(await cosines.data<'float32'>(), W.shape[0], BEST));
        cosines.dispose();
      }
    } finally {
      W.dispose();
    }
    return best;
  }

  /** [texts, d], L2-normalised. */
  private async textFeatures(texts: Int32Array): Promise<tf.Tensor2D> {
    const { clip } = this.trainer;
    const parts: tf.Tensor2D[] = [];
    for (let from = 0; from < texts.length; from += TEXT_BATCH) {
      const { rows, ends } = clip.place(texts.subarray(from, from + TEXT_BATCH));
      const shape: [number, number] = [ends.length, clip.texts.length];
      parts.push(
        tf.tidy(() => clip.textFeatures(tf.tensor2d(rows, shape, 'int32'), tf.tensor1d(ends, 'int32'))),
      );
      await parts[parts.length - 1].data();
    }
    const W = tf.concat2d(parts, 0);
    tf.dispose(parts);
    return W;
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
    this.trainer = await createTrainer(this.inputs, this.ids);
    this.trainer.recompute = this.memory.recompute;
  }

  /** The model as it is now. No step may be taken meanwhile. */
  async exportModel(): Promise<Checkpoint> {
    return { ...this.inputs.student, tensors: await this.trainer.clip.tensors() };
  }

  dispose(): void {
    this.trainer.dispose();
  }
}

/** The checkpoint with a tokenizer: CLIP's standard one for random weights, which bring none. */
async function readingCheckpoint(checkpoint: Checkpoint): Promise<Checkpoint> {
  checkIsClip(checkpoint, 'contrastive training');
  const { config, tokenizerFiles, name } = checkpoint;
  if (!config.text)
    throw new InputError(
      `${name} has no text tower, and "contrastive" trains both: give a whole CLIP as student, or a config with a text_config.`,
    );
  if (tokenizerFiles.size > 0) return checkpoint;
  if (config.text.vocabSize !== STANDARD_VOCABULARY)
    throw new InputError(
      `${name} has no tokenizer, and CLIP's standard one has ${STANDARD_VOCABULARY} tokens: text_config.vocab_size is ${config.text.vocabSize}, and must be that.`,
    );
  return { ...checkpoint, tokenizerFiles: await standardTokenizer() };
}

async function createTrainer(
  { student, method, loss, train }: PretrainingInputs,
  ids: Int32Array,
): Promise<ContrastiveTrainer> {
  const clip = await LearningClip.create(student, ids, methods[method].scalars ?? {});
  return new ContrastiveTrainer(clip, loss, train);
}
