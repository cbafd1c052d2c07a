import * as tf from '@tensorflow/tfjs-core';
import type { Student } from '../distill/student';
import type { Teacher } from '../distill/teacher';
import type { FeatureCache, TowerInput } from '../distill/towerInput';
import { IMAGE_BATCH, look, type OpenImages } from './evaluation';

/** A number for each model, or several. */
interface Both {
  teacher: Float32Array;
  student: Float32Array;
}

/**
 * Both models' logits q of one image, [texts].
 *
 * @param W the texts' features, [texts, d], L2-normalised; the student's EduAttention looks at all of them
 */
export async function imageLogits(
  teacher: Teacher,
  student: Student,
  W: tf.Tensor2D,
  input: Record<'teacher' | 'student', TowerInput>,
): Promise<Both> {
  const seen = look(teacher, student, W, 1, input);
  try {
    const [q_t, q_s] = await Promise.all([seen.q_t.data<'float32'>(), seen.q_s.data<'float32'>()]);
    return { teacher: q_t, student: q_s };
  } finally {
    tf.dispose({ ...seen });
  }
}

/**
 * Both models' features of images as they are compared with texts, u_t and f_e, [images, d], L2-normalised.
 *
 * @param W what the student's EduAttention looks at, [texts, d], L2-normalised
 * @param teacherFeatures remembers what the teacher makes of the images
 * @param signal stops it between two batches
 */
export async function imageFeatures(
  teacher: Teacher,
  student: Student,
  W: tf.Tensor2D,
  images: number[],
  open: OpenImages,
  teacherFeatures: FeatureCache,
  signal: AbortSignal,
): Promise<Both> {
  const [, d] = W.shape;
  const features = {
    teacher: new Float32Array(images.length * d),
    student: new Float32Array(images.length * d),
  };
  for (let from = 0; from < images.length; from += IMAGE_BATCH) {
    const some = images.slice(from, from + IMAGE_BATCH);
    const input = await open(some);
    signal.throwIfAborted();
    const seen = look(teacher, student, W, some.length, input);
    try {
      const [u_t, f_e] = await Promise.all([seen.u_t.data<'float32'>(), seen.f_e.data<'float32'>()]);
      teacherFeatures.store(some, u_t);
      features.teacher.set(u_t, from * d);
      features.student.set(f_e, from * d);
    } finally {
      tf.dispose({ ...seen });
    }
  }
  return features;
}

/** Cosines of a text and images, [images]. Both are L2-normalised: `text` [d], `features` [images, d]. */
export function cosines(text: Float32Array, features: Float32Array): Float32Array {
  const d = text.length;
  return Float32Array.from({ length: features.length / d }, (_, image) =>
    text.reduce((sum, value, i) => sum + value * features[image * d + i], 0),
  );
}
