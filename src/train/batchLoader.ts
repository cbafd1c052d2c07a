import type { Preprocessor } from '../clip/preprocess';
import type { CropKey } from '../data/augment';
import { batchAt, trainingIndices } from '../data/batches';
import type { Dataset } from '../data/dataset';
import type { ImageStore } from '../data/images';
import { pixelBatch } from '../data/pixelBatch';
import { FeatureCache, type TowerInput } from '../distill/towerInput';
import { Random } from '../files/random';
import type { TrainOptions } from './options';
import { sampleTexts } from './sampleTexts';
import type { TrainBatch } from './trainer';

/**
 * An image's random crops come again after so many epochs where the data is small, so that frozen towers see each
 * picture only once (as TinyViT stores its augmentations, Wu et al. 2022). Large data gets fresh crops in every epoch.
 */
const REPEATED_CROPS = 8;
const MOST_REPEATED_IMAGES = 4096;

/** Keeps the streams of random numbers of one seed apart. */
const TEXT_STREAM = 2;

export interface BatchLoaderInputs {
  dataset: Dataset;
  images: ImageStore;
  teacherPreprocessor: Preprocessor;
  studentPreprocessor: Preprocessor;
  train: TrainOptions;
  maxTexts: number;
}

type Crop = Omit<CropKey, 'image'>;

/** Brings images and texts together into batches, decoded and normalised, in main memory. */
export class BatchLoader {
  /** The teacher's features of pictures that come again. */
  readonly teacherFeatures = new FeatureCache();
  /** The student's, where its image tower doesn't learn. */
  readonly studentFeatures = new FeatureCache();
  private readonly indices: number[];

  constructor(private readonly inputs: BatchLoaderInputs) {
    this.indices = trainingIndices(inputs.dataset);
  }

  /** The batch of a step, of nothing but the run and the step. */
  async trainBatch(step: number): Promise<TrainBatch> {
    const { dataset, train, maxTexts } = this.inputs;
    const { epoch, indices: images } = batchAt(step, this.indices, train);
    const own = images.map((image) => dataset.images[image].texts);
    const random = Random.keyed(train.seed, TEXT_STREAM, step);
    const crop = this.cropOf(epoch);
    const keys = crop && !this.repeatsCrops ? undefined : this.keysOf(images, crop?.epoch);
    const inputs = await this.open(images, keys, crop);
    return { images, keys, ...inputs, ...sampleTexts(own, dataset.texts.length, maxTexts, random) };
  }

  private get repeatsCrops(): boolean {
    return this.indices.length <= MOST_REPEATED_IMAGES;
  }

  private cropOf(epoch: number): Crop | undefined {
    const { augment, seed } = this.inputs.train;
    if (augment === 'none') return undefined;
    return { seed, epoch: this.repeatsCrops ? epoch % REPEATED_CROPS : epoch };
  }

  /** What the pictures are called in the caches: whole images by their index, crops by numbers behind all of these. */
  private keysOf(images: number[], cropEpoch = -1): number[] {
    return images.map((image) => image + (cropEpoch + 1) * this.inputs.dataset.images.length);
  }

  /** Images as they are, for both towers. */
  whole(images: number[]): Promise<Record<'teacher' | 'student', TowerInput>> {
    return this.open(images, this.keysOf(images));
  }

  private async open(
    images: number[],
    keys?: number[],
    crop?: Crop,
  ): Promise<Record<'teacher' | 'student', TowerInput>> {
    const { images: store, teacherPreprocessor, studentPreprocessor } = this.inputs;
    const input = async (cache: FeatureCache, preprocessor: Preprocessor): Promise<TowerInput> => {
      const features = keys && cache.find(keys);
      if (features) return { features };
      const openOne = (image: number) =>
        crop ? store.croppedPixels(image, preprocessor, crop) : store.pixels(image, preprocessor);
      return { pixels: await pixelBatch(images, preprocessor, openOne) };
    };
    const [teacher, student] = await Promise.all([
      input(this.teacherFeatures, teacherPreprocessor),
      input(this.studentFeatures, studentPreprocessor),
    ]);
    return { teacher, student };
  }
}
