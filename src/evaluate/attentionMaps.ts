import * as tf from '@tensorflow/tfjs-core';
import { classAttention } from '../clip/classAttention';
import type { ClipConfig } from '../clip/config';
import type { Weights } from '../clip/weights';
import type { Student } from '../distill/student';
import type { Teacher } from '../distill/teacher';
import type { AttentionMap, AttentionMaps } from './results';

/**
 * Where both image towers look in one image.
 *
 * @param pixels of the image for either tower, [1, 3, size, size], normalised
 */
export async function attentionMaps(
  teacher: Teacher,
  student: Student,
  pixels: Record<'teacher' | 'student', Float32Array>,
): Promise<AttentionMaps> {
  return {
    teacher: await attentionMap(teacher, pixels.teacher),
    student: await attentionMap(student, pixels.student),
  };
}

async function attentionMap(
  { weights, config }: { weights: Weights; config: ClipConfig },
  pixels: Float32Array,
): Promise<AttentionMap> {
  const { imageSize, patchSize } = config.vision;
  const attention = tf.tidy(() =>
    classAttention(
      weights,
      config,
      tf.tensor(pixels, [1, 3, imageSize, imageSize]),
      weights['prompts'] as tf.Tensor3D | undefined,
    ),
  );
  const all = await attention.data<'float32'>();
  attention.dispose();
  const grid = Math.floor(imageSize / patchSize);
  const first = config.vision.form.hasClassToken ? 1 : 0;
  return { grid, weights: all.slice(first, first + grid * grid) };
}
