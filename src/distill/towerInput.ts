import * as tf from '@tensorflow/tfjs-core';

/** A batch of images for a tower: their pixels, or their features where the tower is known not to change. */
export type TowerInput =
  /** [batch, 3, size, size], normalised. */
  | { pixels: Float32Array }
  /** [batch, features]. */
  | { features: Float32Array };

/**
 * A batch's features, [batch, features].
 *
 * @param size the tower's image size
 * @param encode the tower: normalised pixels [batch, 3, size, size] to features
 */
export function towerFeatures(
  input: TowerInput,
  batch: number,
  size: number,
  encode: (pixels: tf.Tensor) => tf.Tensor2D,
): tf.Tensor2D {
  if ('features' in input) return tf.tensor2d(input.features, [batch, input.features.length / batch]);
  return tf.tidy(() => encode(tf.tensor4d(input.pixels, [batch, 3, size, size])));
}

/** What a tower that doesn't change makes of each image, so that it looks at each only once. */
export class FeatureCache {
  private readonly rows = new Map<number, Float32Array>();

  /** The features of these images one after the other, or undefined where not all are known. */
  find(images: number[]): Float32Array | undefined {
    const rows = images.map((image) => this.rows.get(image));
    const size = rows[0]?.length ?? 0;
    const found = new Float32Array(images.length * size);
    for (const [i, row] of rows.entries()) {
      if (!row) return undefined;
      found.set(row, i * size);
    }
    return found;
  }

  /** @param features of these images one after the other */
  store(images: number[], features: Float32Array): void {
    const size = features.length / images.length;
    for (const [i, image] of images.entries()) this.rows.set(image, features.slice(i * size, (i + 1) * size));
  }
}
