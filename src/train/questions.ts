import * as tf from '@tensorflow/tfjs-core';
import type { Checkpoint } from '../clip/checkpoint';
import type { Dataset } from '../data/dataset';
import { BrokenImage } from '../data/images/images';
import { evaluationIndices } from '../data/splits/batches';
import type { LossOptions } from '../distill/methods/methods';
import type { Student } from '../distill/student';
import { chosenTexts, type Teacher, type TeacherPrompts } from '../distill/teacher';
import { type ReadText, TextReader } from '../distill/textReader';
import type { TowerInput } from '../distill/towerInput';
import { cosines, imageFeatures, imageLogits } from '../evaluate/ask';
import type { ImageAnswers, SearchResult } from '../evaluate/results';
import { InputError } from '../files/folder';
import { Random } from '../files/random';
import type { BatchLoader } from './batchLoader';
import type { TrainOptions } from './options';
import { sampleTexts } from './sampleTexts';

/** What of a run its questions need. */
interface QuestionInputs {
  teacher: Checkpoint;
  teacherPrompts?: TeacherPrompts;
  dataset: Dataset;
  loss: LossOptions;
  train: TrainOptions;
}

/** Which of some texts an image goes with. */
export interface ImageQuestion {
  /** An index into the data set's images, or another image's pixels for both towers, [1, 3, size, size], normalised. */
  image: number | Record<'teacher' | 'student', TowerInput>;
  /** What the user typed. */
  texts: string[];
  /** Whether the data set's own texts are asked too. */
  withOwn: boolean;
}

/** Held-out images that a search looks through, spread evenly over the classes. */
const MOST_SEARCHED = 400;

/** Keeps the random texts of questions apart from those of batches and evaluations. */
const QUESTION_STREAM = 4;

interface Searched {
  step: number;
  images: number[];
  teacher: Float32Array;
  student: Float32Array;
}

/** Answers what a user asks both models of a run. No step may be taken meanwhile. */
export class Questions {
  private readonly reader: TextReader;
  /** What the models last made of the held-out images. */
  private searched?: Searched;

  constructor(
    private readonly inputs: QuestionInputs,
    private readonly teacher: Teacher,
    private readonly loader: BatchLoader,
  ) {
    this.reader = new TextReader(inputs.teacher, inputs.teacherPrompts);
  }

  /** What an earlier student made of images is of no use for another one after as many steps. */
  reset(): void {
    this.searched = undefined;
  }

  /** Both models' answers to an image. */
  async answer(
    student: Student,
    step: number,
    { image, texts, withOwn }: ImageQuestion,
    signal: AbortSignal,
  ): Promise<ImageAnswers> {
    const { dataset } = this.inputs;
    if (typeof image === 'number' && !dataset.images[image])
      throw new InputError(`The data has no image number ${image}.`);
    const indices = withOwn ? this.ownTexts(typeof image === 'number' ? [image] : []) : new Int32Array();
    const own = Array.from(indices, (text) => dataset.texts[text]);
    const typed = [...new Set(texts)].filter((text) => !own.includes(text));
    if (own.length + typed.length === 0)
      throw new InputError('There is no text to choose from: type one, or ask with the data’s own.');
    const read = await this.reader.read(typed, signal);
    const input = typeof image === 'number' ? await this.loader.whole([image]) : image;
    const W = this.featuresOf(indices, read);
    try {
      const logits = await imageLogits(this.teacher, student, W, input);
      return {
        step,
        texts: [...own, ...typed],
        ownTexts: { asked: own.length, all: dataset.texts.length },
        cut: typed.filter((_, i) => read[i].isCut),
        scale: this.teacher.s,
        ...logits,
      };
    } finally {
      W.dispose();
    }
  }

  /** The features of the data set's own texts and of typed ones, [texts, d]. */
  private featuresOf(own: Int32Array, typed: ReadText[]): tf.Tensor2D {
    return tf.tidy(() => {
      const rows = typed.map(({ features }) => tf.tensor2d(features, [1, features.length]));
      if (own.length > 0) rows.unshift(chosenTexts(this.teacher, tf.tensor1d(own, 'int32')));
      return tf.concat2d(rows, 0);
    });
  }

  /** How well a text goes with each held-out image, to both models; of large data a part of the images. */
  async search(student: Student, step: number, text: string, signal: AbortSignal): Promise<SearchResult> {
    const { dataset } = this.inputs;
    const [{ features, isCut }] = await this.reader.read([text], signal);
    const { images, ...seen } = await this.heldOut(student, step, signal);
    const names = dataset.classes.length > 0 ? dataset.classes : dataset.texts;
    const { indices, heldOut } = evaluationIndices(dataset);
    return {
      step,
      heldOut,
      all: indices.length,
      isOwn: dataset.texts.includes(text),
      isCut,
      images: images.map((image) => {
        const { path, texts } = dataset.images[image];
        const isRight = texts.some((own) => dataset.texts[own] === text);
        return { image, path, texts: texts.map((own) => names[own]), isRight };
      }),
      teacher: cosines(features, seen.teacher),
      student: cosines(features, seen.student),
    };
  }

  /** What both models make of the held-out images, computed once a step. Broken ones are left out. */
  private async heldOut(student: Student, step: number, signal: AbortSignal): Promise<Searched> {
    if (this.searched?.step === step) return this.searched;
    const { teacher, loader } = this;
    const open = (some: number[]) => loader.whole(some);
    for (;;) {
      const images = this.searchedImages();
      const W = this.searchedTexts();
      try {
        const { teacherFeatures } = loader;
        const seen = await imageFeatures(teacher, student, W, images, open, teacherFeatures, signal);
        this.searched = { step, images, ...seen };
        return this.searched;
      } catch (error) {
        if (!(error instanceof BrokenImage) || images.length <= 1) throw error;
      } finally {
        W.dispose();
      }
    }
  }

  private searchedImages(): number[] {
    const { indices } = evaluationIndices(this.inputs.dataset, undefined, MOST_SEARCHED);
    return indices.filter((image) => !this.loader.broken.has(image));
  }

  /** What the student's EduAttention looks at in a search, [texts, d]. The caller disposes it. */
  searchedTexts(): tf.Tensor2D {
    const own = this.ownTexts(this.searchedImages());
    return tf.tidy(() => chosenTexts(this.teacher, tf.tensor1d(own, 'int32')));
  }

  /** The data set's texts, as training takes them: all, or of very many a sample that holds those of these images. */
  private ownTexts(images: number[]): Int32Array {
    const { dataset, loss, train } = this.inputs;
    const own = images.map((image) => dataset.images[image].texts);
    const random = Random.keyed(train.seed, QUESTION_STREAM);
    const { texts } = sampleTexts(own, dataset.texts.length, loss.maxTexts, random);
    return texts ?? Int32Array.from(dataset.texts.keys());
  }
}
