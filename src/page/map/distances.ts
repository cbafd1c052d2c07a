import type { Embeddings } from '../../evaluate/results';

/** 1 − cosine between both models' features of each image, [images]: 0 for the same direction, 1 for a right angle. */
export function distances({ dimension, teacher, student }: Embeddings): Float32Array {
  return Float32Array.from({ length: teacher.length / dimension }, (_, row) => {
    let cosine = 0;
    for (let i = row * dimension; i < (row + 1) * dimension; i++) cosine += teacher[i] * student[i];
    return 1 - cosine;
  });
}
