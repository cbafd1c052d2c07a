import type { Random } from '../../files/random';

/** Factors are drawn from 1 − strength … 1 + strength. */
const STRENGTH = 0.2;

/**
 * torchvision's `ColorJitter(brightness=0.2, contrast=0.2, saturation=0.2)`: three random factors, applied in random
 * order, each result cut to 0..255 and rounded down, as torchvision does with 8-bit tensors.
 *
 * @param pixels RGB interleaved
 */
export function jitterColours(pixels: Uint8Array, random: Random): Uint8Array {
  const steps = random.shuffle([adjustBrightness, adjustContrast, adjustSaturation]);
  return steps.reduce((image, adjust) => adjust(image, 1 + STRENGTH * (2 * random.uniform() - 1)), pixels);
}

/** Between black (factor 0) and the image (1), or beyond. */
export function adjustBrightness(pixels: Uint8Array, factor: number): Uint8Array {
  return pixels.map((value) => cut(factor * value));
}

/** Between the mean grey of the image (factor 0) and the image (1), or beyond. */
export function adjustContrast(pixels: Uint8Array, factor: number): Uint8Array {
  let sum = 0;
  for (let at = 0; at < pixels.length; at += 3) sum += greyAt(pixels, at);
  const mean = (1 - factor) * (sum / (pixels.length / 3));
  return pixels.map((value) => cut(factor * value + mean));
}

/** Between each pixel's grey (factor 0) and its colour (1), or beyond. */
export function adjustSaturation(pixels: Uint8Array, factor: number): Uint8Array {
  return pixels.map((value, i) => cut(factor * value + (1 - factor) * greyAt(pixels, i - (i % 3))));
}

function greyAt(pixels: Uint8Array, at: number): number {
  return Math.trunc(0.2989 * pixels[at] + 0.587 * pixels[at + 1] + 0.114 * pixels[at + 2]);
}

function cut(value: number): number {
  return Math.trunc(Math.min(255, Math.max(0, value)));
}
