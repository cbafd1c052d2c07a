import * as tf from '@tensorflow/tfjs-core';
import { BrokenImage } from '../data/images/images';
import { type Student, studentInputFeatures, studentView } from '../distill/student';
import { uploadInput } from '../distill/towerInput';
import { IMAGE_BATCH } from '../evaluate/evaluation';
import type { OnProgress } from '../files/folder';
import type { BatchLoader } from './batchLoader';

/**
 * f_e, as the student compares it with texts, of all images of the data that can be read, [images, d], and which these are.
 *
 * @param count of the data's images
 * @param W what the student's EduAttention looks at, [texts, d], L2-normalised
 */
export async function everyPicture(
  student: Student,
  W: tf.Tensor2D,
  loader: BatchLoader,
  count: number,
  onProgress: OnProgress,
): Promise<{ images: number[]; features: Float32Array; d: number }> {
  const [, d] = W.shape;
  const features = new Float32Array(count * d);
  const images: number[] = [];
  for (let from = 0; from < count; from += IMAGE_BATCH) {
    const batch = Array.from({ length: Math.min(IMAGE_BATCH, count - from) }, (_, i) => from + i);
    const { some, input } = await openReadable(loader, batch);
    if (input) {
      const f_e = tf.tidy(() => {
        const seen = uploadInput(input, some.length, student.config.vision.imageSize);
        return studentView(student, studentInputFeatures(student, seen), W).f_e;
      });
      features.set(await f_e.data<'float32'>(), images.length * d);
      f_e.dispose();
      images.push(...some);
    }
    onProgress({
      label: 'The student looks at all pictures',
      done: from + batch.length,
      total: count,
      unit: 'images',
    });
  }
  return { images, features: features.slice(0, images.length * d), d };
}

/** Those of a batch that can be read, and the student's input of them. */
async function openReadable(loader: BatchLoader, batch: number[]) {
  for (;;) {
    const some = batch.filter((image) => !loader.broken.has(image));
    if (some.length === 0) return { some };
    try {
      return { some, input: (await loader.whole(some)).student };
    } catch (error) {
      if (!(error instanceof BrokenImage)) throw error;
    }
  }
}
