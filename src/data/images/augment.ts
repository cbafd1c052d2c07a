import type { RgbImage } from '../../clip/image';
import type { Preprocessor } from '../../clip/preprocess';
import { type Box, resize } from '../../clip/resize';
import { Random } from '../../files/random';
import { saysLeftOrRight } from '../leftRight';
import { jitterColours } from './colourJitter';

/** What an image's crop is drawn from: the same for teacher and student, another in every epoch. */
export interface CropKey {
  seed: number;
  epoch: number;
  /** Index of the image in the data set. */
  image: number;
  /** Never mirrored, since a text of it says left or right. */
  keepsSides?: boolean;
  /** Its colours are varied too. */
  jitter?: boolean;
}

/** What becomes of an image in an epoch, beside which image it is. */
export type Crop = Omit<CropKey, 'image'>;

export interface AugmentOptions {
  augment: 'none' | 'crop-flip' | 'crop-flip-jitter';
  seed: number;
}

/** How an image with these texts is varied in an epoch; undefined where it is taken whole. */
export function cropOf(texts: string[], { augment, seed }: AugmentOptions, epoch: number): Crop | undefined {
  if (augment === 'none') return undefined;
  return { seed, epoch, keepsSides: texts.some(saysLeftOrRight), jitter: augment === 'crop-flip-jitter' };
}

/** Keeps the colours' random numbers apart from the crops', which are the same with and without. */
const JITTER_STREAM = 1;

const scale = { min: 0.5, max: 1 };
const ratio = { min: 3 / 4, max: 4 / 3 };
const attempts = 10;

/**
 * torchvision's `RandomResizedCrop` (scale 0.5..1 of the area, ratio 3/4..4/3) and `RandomHorizontalFlip` (p = ½),
 * and where the key says so `ColorJitter`.
 *
 * @returns pixels, RGB, size × size × 3
 */
export function augmented(image: RgbImage, { size, filter }: Preprocessor, key: CropKey): Uint8Array {
  const random = Random.keyed(key.seed, key.epoch, key.image);
  const { data } = resize(image, size, size, filter, randomBox(image.width, image.height, random));
  const pixels = random.uniform() < 0.5 && !key.keepsSides ? flipped(data, size) : data;
  if (!key.jitter) return pixels;
  return jitterColours(pixels, Random.keyed(key.seed, key.epoch, key.image, JITTER_STREAM));
}

/** A box of random area and shape within an image; the largest allowed one in the middle where none fits. */
export function randomBox(width: number, height: number, random: Random): Box {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const area = width * height * between(scale.min, scale.max, random);
    const aspect = Math.exp(between(Math.log(ratio.min), Math.log(ratio.max), random));
    const boxWidth = Math.round(Math.sqrt(area * aspect));
    const boxHeight = Math.round(Math.sqrt(area / aspect));
    if (boxWidth > 0 && boxWidth <= width && boxHeight > 0 && boxHeight <= height) {
      const top = random.integer(height - boxHeight + 1);
      const left = random.integer(width - boxWidth + 1);
      return { left, top, width: boxWidth, height: boxHeight };
    }
  }
  const boxWidth = Math.min(width, Math.max(1, Math.round(height * ratio.max)));
  const boxHeight = Math.min(height, Math.max(1, Math.round(width / ratio.min)));
  return {
    left: Math.floor((width - boxWidth) / 2),
    top: Math.floor((height - boxHeight) / 2),
    width: boxWidth,
    height: boxHeight,
  };
}

function between(min: number, max: number, random: Random): number {
  return min + (max - min) * random.uniform();
}

function flipped(pixels: Uint8Array, size: number): Uint8Array {
  const mirror = new Uint8Array(pixels.length);
  for (let row = 0; row < size; row++) {
    for (let x = 0; x < size; x++) {
      const from = (row * size + x) * 3;
      mirror.set(pixels.subarray(from, from + 3), (row * size + size - 1 - x) * 3);
    }
  }
  return mirror;
}
