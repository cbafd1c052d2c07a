import type * as tf from '@tensorflow/tfjs-core';
import type { StepInputs } from '../device/stepRunner';
import type { LearningClip } from '../distill/clip';
import type { LossOptions } from '../distill/methods/methods';
import { operations } from '../distill/operations';
import { inputShape } from '../distill/towerInput';
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
    return {
      pixels: {
        data: student.pixels,
        shape: inputShape(student, batch, this.clip.config.vision.imageSize),
      },
      rows: { data: rows, shape: [batch, this.clip.texts.length] },
      ends: { data: ends, shape: [batch] },
      right: { data: rightTexts(right, batch), shape: [batch, batch] },
    };
  }

  protected compute(inputs: Inputs): Record<string, tf.Tensor> {
    const { clip, recompute } = this;
    const { pixels, rows, ends, right } = inputs;
    return this.minimise(inputs, () => {
      const u_s = clip.images(pixels, recompute);
      const W = clip.textFeatures(rows, ends, recompute);
      const { weights } = clip;
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
