import * as tf from '@tensorflow/tfjs-core';
import { inParts } from '../ops/inParts';

/** A batch of images for a tower: their pixels, or their features where the tower is known not to change. */
export type TowerInput =
  /** [batch, 3, size, size], normalised. */
  | { pixels: Float32Array<ArrayBuffer> }
  /** [batch, features]. */
  | { features: Float32Array<ArrayBuffer> };

/** As `TowerInput`, on the device; the pixels in the parts of the batch that the tower is to see one after the other. */
export type TowerTensor = { pixels: tf.Tensor[] } | { features: tf.Tensor };

/** The shape of a batch for a tower of this image size. */
export function inputShape(input: TowerInput, batch: number, size: number): number[] {
  return 'features' in input ? [batch, input.features.length / batch] : [batch, 3, size, size];
}

/** Puts a batch for a tower of this image size on the device. */
export function uploadInput(input: TowerInput, batch: number, size: number): TowerTensor {
  const shape = inputShape(input, batch, size);
  return 'features' in input
    ? { features: tf.tensor(input.features, shape) }
    : { pixels: [tf.tensor(input.pixels, shape)] };
}

/**
 * A batch's features, [batch, features].
 *
 * @param encode the tower: normalised pixels [batch, 3, size, size] to features
 * @param trained the tower's weights that gradients go to
 */
export function towerFeatures(
  input: TowerTensor,
  encode: (pixels: tf.Tensor) => tf.Tensor2D,
  trained: tf.Variable[] = [],
): tf.Tensor2D {
  if ('features' in input) return tf.clone(input.features as tf.Tensor2D);
  return inParts(
    encode,
    input.pixels.map((pixels) => [pixels]),
    trained,
  ) as tf.Tensor2D;
}

/** In bytes: 250,000 images' features of ViT-B/16. */
const CACHE_LIMIT = 512e6;

/** What a tower that doesn't change makes of each image, so that it looks at each only once while there is room. */
export class FeatureCache {
  private readonly rows = new Map<number, Float32Array>();

  /** @param limit how many bytes it may take; what comes later is computed each time */
  constructor(private readonly limit = CACHE_LIMIT) {}

  /** The features of these images one after the other, or undefined where not all are known. */
  find(images: number[]): Float32Array<ArrayBuffer> | undefined {
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
    const room = Math.floor(this.limit / (size * features.BYTES_PER_ELEMENT));
    for (const [i, image] of images.entries())
      if (this.rows.size < room) this.rows.set(image, features.slice(i * size, (i + 1) * size));
  }
}
