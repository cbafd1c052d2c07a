import type { Preprocessor } from '../clip/preprocess';
import { batchAt, trainingIndices } from '../data/batches';
import type { Dataset } from '../data/dataset';
import type { ImageStore } from '../data/images';
import { pixelBatch } from '../data/pixelBatch';
import { FeatureCache, type TowerInput } from '../distill/towerInput';
import { Random } from '../files/random';
import type { TrainOptions } from './options';
import { sampleTexts } from './sampleTexts';
import type { TrainBatch } from './trainer';

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

/** Brings images and texts together into batches, decoded and normalised, in main memory. */
export class BatchLoader {
  /** The teacher's features of whole images. */
  readonly teacherFeatures = new FeatureCache();
  /** The student's, where its image tower doesn't learn. */
  readonly studentFeatures = new FeatureCache();
  private readonly indices: number[];

  constructor(private readonly inputs: BatchLoaderInputs) {
    this.indices = trainingIndices(inputs.dataset);
  }

  /** Whether a training image looks the same every time, so that frozen towers need to see it only once. */
  get repeatsImages(): boolean {
    return this.inputs.train.augment === 'none';
  }

  /** The batch of a step, of nothing but the run and the step. */
  async trainBatch(step: number): Promise<TrainBatch> {
    const { dataset, train, maxTexts } = this.inputs;
    const { epoch, indices: images } = batchAt(step, this.indices, train);
    const own = images.map((image) => dataset.images[image].texts);
    const random = Random.keyed(train.seed, TEXT_STREAM, step);
    const inputs = await (this.repeatsImages ? this.whole(images) : this.cropped(images, epoch));
    return { images, ...inputs, ...sampleTexts(own, dataset.texts.length, maxTexts, random) };
  }

  /** Images as they are, for both towers. */
  async whole(images: number[]): Promise<Record<'teacher' | 'student', TowerInput>> {
    const { images: store, teacherPreprocessor, studentPreprocessor } = this.inputs;
    const input = async (cache: FeatureCache, preprocessor: Preprocessor): Promise<TowerInput> => {
      const features = cache.find(images);
      if (features) return { features };
      return { pixels: await pixelBatch(images, preprocessor, (image) => store.pixels(image, preprocessor)) };
    };
    const [teacher, student] = await Promise.all([
      input(this.teacherFeatures, teacherPreprocessor),
      input(this.studentFeatures, studentPreprocessor),
    ]);
    return { teacher, student };
  }

  private async cropped(images: number[], epoch: number): Promise<Record<'teacher' | 'student', TowerInput>> {
    const { images: store, teacherPreprocessor, studentPreprocessor, train } = this.inputs;
    const input = async (preprocessor: Preprocessor): Promise<TowerInput> => ({
      pixels: await pixelBatch(images, preprocessor, (image) =>
        store.croppedPixels(image, preprocessor, { seed: train.seed, epoch }),
      ),
    });
    const [teacher, student] = await Promise.all([input(teacherPreprocessor), input(studentPreprocessor)]);
    return { teacher, student };
  }
}
