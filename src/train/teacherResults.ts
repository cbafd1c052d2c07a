import * as tf from '@tensorflow/tfjs-core';
import type { Dataset } from '../data/dataset';
import { BrokenImage } from '../data/images/images';
import { evaluationIndices } from '../data/splits/batches';
import { type Teacher, teacherInputFeatures } from '../distill/teacher';
import { uploadInput } from '../distill/towerInput';
import { type DatasetResults, datasetResults } from '../evaluate/datasetResults';
import { IMAGE_BATCH } from '../evaluate/evaluation';
import type { BatchLoader } from './batchLoader';

/** A teacher's zero-shot accuracy, on held-out images where the data has any. */
export interface TeacherResults extends DatasetResults {
  heldOut: boolean;
}

/** Whose inputs of a loader to take: a teacher's are features where its tower has seen the picture. */
type Role = 'teacher' | 'student';

/**
 * How a teacher does on at most `limit` images of data with classes, the same each time.
 *
 * @param teacher has read the data's classes
 */
export async function teacherResults(
  teacher: Teacher,
  dataset: Dataset,
  loader: BatchLoader,
  role: Role,
  limit: number,
): Promise<TeacherResults> {
  const { indices, heldOut } = evaluationIndices(dataset, undefined, limit);
  const { images, F } = await look(teacher, loader, role, indices);
  try {
    const right = images.map((image) => dataset.images[image].texts);
    return { ...(await datasetResults(F, teacher.W, right, true)), heldOut };
  } finally {
    F.dispose();
  }
}

/** The teacher's features of these images, [images, d], broken ones left out. */
async function look(
  teacher: Teacher,
  loader: BatchLoader,
  role: Role,
  all: number[],
): Promise<{ images: number[]; F: tf.Tensor2D }> {
  const images = all.filter((image) => !loader.broken.has(image));
  const { imageSize } = teacher.config.vision;
  const parts: tf.Tensor2D[] = [];
  try {
    for (let from = 0; from < images.length; from += IMAGE_BATCH) {
      const batch = images.slice(from, from + IMAGE_BATCH);
      const { [role]: input } = await loader.whole(batch);
      const part = tf.tidy(() => teacherInputFeatures(teacher, uploadInput(input, batch.length, imageSize)));
      parts.push(part);
      // Reading back here lets a cancel in between.
      await part.data();
    }
    return { images, F: tf.concat2d(parts, 0) };
  } catch (error) {
    if (!(error instanceof BrokenImage) || images.length <= 1) throw error;
  } finally {
    tf.dispose(parts);
  }
  return look(teacher, loader, role, all); // without it
}
