import type { Preprocessor } from '../clip/preprocess';
import type { Dataset } from '../data/dataset';
import { cropOf } from '../data/images/augment';
import { BrokenImage, type ImageStore } from '../data/images/images';
import { pixelBatch } from '../data/images/pixelBatch';
import { batchAt, sparesAt, trainingIndices } from '../data/splits/batches';
import { FeatureCache, type TowerInput } from '../distill/towerInput';
import { InputError } from '../files/folder';
import { Random } from '../files/random';
import type { TrainOptions } from './options';
import { ownTexts, type SampledTexts, sampleSize, sampleTexts } from './sampleTexts';
import type { TrainBatch } from './stepTrainer';

/**
 * An image's random crops come again after so many epochs where the data is small, so that frozen towers see each
 * picture only once (as TinyViT stores its augmentations, Wu et al. 2022). Large data gets fresh crops in every epoch.
 */
const REPEATED_CROPS = 8;
const MOST_REPEATED_IMAGES = 4096;

/** In one batch, since each finds at least one more broken image. */
const MOST_TRIES = 50;

/** Keeps the streams of random numbers of one seed apart. */
const TEXT_STREAM = 2;

export interface BatchLoaderInputs {
  dataset: Dataset;
  images: ImageStore;
  /** Where there is a teacher; else its inputs are the student's. */
  teacherPreprocessor?: Preprocessor;
  studentPreprocessor: Preprocessor;
  train: Pick<TrainOptions, 'batchSize' | 'shuffle' | 'augment' | 'seed'>;
  maxTexts: number;
  /** A batch meets its own texts alone, one an image. */
  ownTexts?: boolean;
  /** Of runs whose teacher, pictures and crops are the same; an own one where undefined. */
  teacherFeatures?: FeatureCache;
  /** Hears of the first image that turns out to be broken. */
  onNotice?: (message: string) => void;
}

/** Brings images and texts together into batches, decoded and normalised, in main memory. */
export class BatchLoader {
  /** The teacher's features of pictures that come again. */
  readonly teacherFeatures: FeatureCache;
  /** The student's, where its image tower doesn't learn. */
  readonly studentFeatures = new FeatureCache();
  /** Images that turned out to be broken; they are left out. */
  readonly broken = new Set<number>();
  private hasToldOfBroken = false;
  private readonly indices: number[];

  constructor(private readonly inputs: BatchLoaderInputs) {
    this.indices = trainingIndices(inputs.dataset);
    this.teacherFeatures = inputs.teacherFeatures ?? new FeatureCache();
  }

  /**
   * The batch of a step, of nothing but the run and the step. For broken images the next ones of the epoch stand in.
   * Throws InputError where too few are left for a batch, or these are broken too, again and again.
   */
  async trainBatch(step: number): Promise<TrainBatch> {
    const { epoch, indices } = batchAt(step, this.indices, this.inputs.train);
    let failure = new InputError(`Fewer than ${indices.length} training images can be read, not one batch.`);
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const images = this.withStandIns(indices, step);
      if (images.length < indices.length) break;
      try {
        return await this.batchOf(images, step, epoch);
      } catch (error) {
        if (!(error instanceof BrokenImage)) throw error;
        failure = error;
      }
    }
    // It is rather the disk than the images, and that may come back.
    this.broken.clear();
    throw failure;
  }

  private withStandIns(indices: number[], step: number): number[] {
    if (!indices.some((image) => this.broken.has(image))) return indices;
    const spares = sparesAt(step, this.indices, this.inputs.train);
    const standIns = spares.filter((image) => !this.broken.has(image));
    return indices.flatMap((image) => (this.broken.has(image) ? (standIns.shift() ?? []) : image));
  }

  private async batchOf(images: number[], step: number, epoch: number): Promise<TrainBatch> {
    const { dataset, train } = this.inputs;
    const own = images.map((image) => dataset.images[image].texts);
    const random = Random.keyed(train.seed, TEXT_STREAM, step);
    const cropEpoch = this.cropEpochOf(epoch);
    const keys = cropEpoch === undefined || this.repeatsCrops ? this.keysOf(images, cropEpoch) : undefined;
    const inputs = await this.open(images, keys, cropEpoch);
    return { images, keys, ...inputs, ...this.textsFor(own, random) };
  }

  private textsFor(own: number[][], random: Random): SampledTexts {
    const { dataset, maxTexts } = this.inputs;
    const total = dataset.texts.length;
    if (this.inputs.ownTexts) return ownTexts(own, total, random);
    return sampleTexts(own, total, sampleSize(own, maxTexts), random);
  }

  private get repeatsCrops(): boolean {
    return this.indices.length <= MOST_REPEATED_IMAGES;
  }

  /** The epoch that an epoch's crops are drawn for; undefined where images are taken whole. */
  private cropEpochOf(epoch: number): number | undefined {
    if (this.inputs.train.augment === 'none') return undefined;
    return this.repeatsCrops ? epoch % REPEATED_CROPS : epoch;
  }

  /** What the pictures are called in the caches: whole images by their index, crops by numbers behind all of these. */
  private keysOf(images: number[], cropEpoch = -1): number[] {
    return images.map((image) => image + (cropEpoch + 1) * this.inputs.dataset.images.length);
  }

  /** Images as they are, for both towers. Throws BrokenImage where one can't be decoded; `broken` tells which. */
  whole(images: number[]): Promise<Record<'teacher' | 'student', TowerInput>> {
    return this.open(images, this.keysOf(images));
  }

  /** An image as it is, for both towers, even where its features are known: [1, 3, size, size]. */
  async pixels(image: number): Promise<Record<'teacher' | 'student', Float32Array<ArrayBuffer>>> {
    const { studentPreprocessor, teacherPreprocessor = studentPreprocessor } = this.inputs;
    const [teacher, student] = await Promise.all(
      [teacherPreprocessor, studentPreprocessor].map((preprocessor) =>
        pixelBatch([image], preprocessor, (one) => this.openOne(one, preprocessor)),
      ),
    );
    return { teacher, student };
  }

  private async open(
    images: number[],
    keys?: number[],
    cropEpoch?: number,
  ): Promise<Record<'teacher' | 'student', TowerInput>> {
    const { teacherPreprocessor, studentPreprocessor } = this.inputs;
    const input = async (cache: FeatureCache, preprocessor: Preprocessor): Promise<TowerInput> => {
      const features = keys && cache.find(keys);
      if (features) return { features };
      const openOne = (image: number) => this.openOne(image, preprocessor, cropEpoch);
      return { pixels: await pixelBatch(images, preprocessor, openOne) };
    };
    const [student, teacher] = await Promise.all([
      input(this.studentFeatures, studentPreprocessor),
      teacherPreprocessor && input(this.teacherFeatures, teacherPreprocessor),
    ]);
    return { student, teacher: teacher ?? student };
  }

  private async openOne(image: number, preprocessor: Preprocessor, cropEpoch?: number): Promise<Uint8Array> {
    const { dataset, images: store, train, onNotice } = this.inputs;
    try {
      const texts = dataset.images[image].texts.map((text) => dataset.texts[text]);
      const crop = cropEpoch === undefined ? undefined : cropOf(texts, train, cropEpoch);
      return await store.pixels(image, preprocessor, crop);
    } catch (error) {
      if (error instanceof BrokenImage) {
        this.broken.add(image);
        if (!this.hasToldOfBroken) onNotice?.(`${error.message} It is left out, as all such images will be.`);
        this.hasToldOfBroken = true;
      }
      throw error;
    }
  }
}
