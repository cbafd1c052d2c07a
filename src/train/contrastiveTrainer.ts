import type * as tf from '@tensorflow/tfjs-core';
import { isTextWeight, isVisionWeight, trainedIn } from '../clip/weights';
import type { StepInputs } from '../device/stepRunner';
import type { LearningClip } from '../distill/clip';
import type { LossOptions } from '../distill/methods/methods';
import { operations } from '../distill/operations';
import { inputShape } from '../distill/towerInput';
import { inParts } from '../ops/inParts';
import { batchParts, partsOf } from './batchParts';
import type { TrainOptions } from './options';
import { type Inputs, rightTexts, StepTrainer, type TrainBatch } from './stepTrainer';

/** A CLIP and its optimiser, and the step that draws an image and its text together. */
export class ContrastiveTrainer extends StepTrainer {
  constructor(
    readonly clip: LearningClip,
    loss: LossOptions,
    train: TrainOptions,
  ) {
    super(clip.trained, 'contrastive', loss, train);
  }

  protected emptyBatch(batchSize: number): TrainBatch {
    const pixels = { pixels: new Float32Array(0) };
    const images = Array.from({ length: batchSize }, () => 0);
    return { images, teacher: pixels, student: pixels, texts: new Int32Array(batchSize), right: [] };
  }

  protected inputsOf({ images, student, texts = new Int32Array(), right }: TrainBatch): StepInputs {
    if (!('pixels' in student)) throw new Error('A tower that learns has no features to go by.');
    const batch = images.length;
    const { rows, ends } = this.clip.place(texts);
    const inParts = (name: string, whole: StepInputs[string]) =>
      batchParts(name, whole, this.train.accumulate);
    const shape = inputShape(student, batch, this.clip.config.vision.imageSize);
    return {
      ...inParts('pixels', { data: student.pixels, shape }),
      ...inParts('rows', { data: rows, shape: [batch, this.clip.texts.length] }),
      ...inParts('ends', { data: ends, shape: [batch] }),
      right: { data: rightTexts(right, batch), shape: [batch, batch] },
    };
  }

  protected compute(inputs: Inputs): Record<string, tf.Tensor> {
    const { clip, recompute } = this;
    const { weights } = clip;
    const { right } = inputs;
    const images = partsOf(inputs, 'pixels').map((pixels): [tf.Tensor] => [pixels]);
    const ends = partsOf(inputs, 'ends');
    const texts = partsOf(inputs, 'rows').map((rows, i): [tf.Tensor, tf.Tensor] => [rows, ends[i]]);
    return this.minimise(inputs, () => {
      const u_s = inParts(
        (pixels) => clip.images(pixels, recompute),
        images,
        trainedIn(weights, isVisionWeight),
      );
      const W = inParts(
        (rows, last) => clip.textFeatures(rows, last, recompute),
        texts,
        trainedIn(weights, isTextWeight),
      );
      // There is no teacher: its side of the loss's inputs is not looked at.
      const view = { u_s, u_t: u_s, W, s: 1, weights, right, areCaptions: true, options: this.loss };
      return { terms: this.method.loss(view, operations) };
    });
  }

  override dispose(): void {
    super.dispose();
    this.clip.dispose();
  }
}
