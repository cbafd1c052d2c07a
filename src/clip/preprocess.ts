import { z } from 'zod';
import { roundHalfEven } from '../files/floats';
import { InputError } from '../files/folder';
import { parseJson } from '../files/json';
import type { RgbImage } from './image';
import { resizeBicubic } from './resize';

/** How a checkpoint wants its images, from `preprocessor_config.json`. */
export interface Preprocessor {
  /** Pixels that the shortest edge is resized to, or both edges. */
  resizeTo: { shortestEdge: number } | { width: number; height: number };
  /** Edge of the square that is then cut out of the middle: the image tower's input. */
  size: number;
  /** Per channel, for values in 0..1. */
  mean: [number, number, number];
  std: [number, number, number];
}

const edge = z.int().positive();
const channels = z.tuple([z.number(), z.number(), z.number()]);
const square = z.object({ width: edge, height: edge });

const preprocessorSchema = z.object({
  size: z.union([edge, z.object({ shortest_edge: edge }), square]).optional(),
  crop_size: z.union([edge, square]).optional(),
  resample: z.literal(3, 'only 3, bicubic, can be used').optional(),
  rescale_factor: z.number().optional(),
  image_mean: channels.default([0.48145466, 0.4578275, 0.40821073]),
  image_std: channels.default([0.26862954, 0.26130258, 0.27577711]),
});

/**
 * Reads the contents of a `preprocessor_config.json`; what is missing is CLIP's own.
 *
 * @param imageSize the image tower's input edge, which counts where no other is given
 * @param where begins the error messages
 */
export function parsePreprocessor(raw: unknown, imageSize: number, where: string): Preprocessor {
  const { size, crop_size = imageSize, image_mean, image_std } = parseJson(preprocessorSchema, raw, where);
  const crop = typeof crop_size === 'object' ? crop_size : { width: crop_size, height: crop_size };
  const cropped = crop.width;
  if (crop.height !== cropped)
    throw new InputError(`${where}: crop_size is ${cropped} × ${crop.height}; only squares can be used.`);
  const resizeTo =
    typeof size !== 'object'
      ? { shortestEdge: size ?? cropped }
      : 'shortest_edge' in size
        ? { shortestEdge: size.shortest_edge }
        : size;
  if (Math.min(...Object.values(resizeTo)) < cropped) {
    throw new InputError(`${where}: size is less than the ${cropped} pixels that are cut out.`);
  }
  return { resizeTo, size: cropped, mean: image_mean, std: image_std };
}

/** The `preprocessor_config.json` of a preprocessor. */
export function rawPreprocessor({ resizeTo, size, mean, std }: Preprocessor): Record<string, unknown> {
  return {
    image_processor_type: 'CLIPImageProcessor',
    do_convert_rgb: true,
    do_resize: true,
    size: 'shortestEdge' in resizeTo ? { shortest_edge: resizeTo.shortestEdge } : resizeTo,
    resample: 3,
    do_center_crop: true,
    crop_size: { height: size, width: size },
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: true,
    image_mean: mean,
    image_std: std,
  };
}

/** CLIP's preprocessing as Pillow does it: resize (shortest edge, bicubic), centre crop. RGB, size × size × 3. */
export function preprocess(image: RgbImage, { resizeTo, size }: Preprocessor): Uint8Array {
  const { width, height } = resizedSize(image, resizeTo);
  const resized = resizeBicubic(image, width, height);
  const left = roundHalfEven((width - size) / 2);
  const top = roundHalfEven((height - size) / 2);
  const pixels = new Uint8Array(size * size * 3);
  for (let row = 0; row < size; row++) {
    const from = ((top + row) * width + left) * 3;
    pixels.set(resized.data.subarray(from, from + size * 3), row * size * 3);
  }
  return pixels;
}

function resizedSize({ width, height }: RgbImage, resizeTo: Preprocessor['resizeTo']) {
  if (!('shortestEdge' in resizeTo)) return resizeTo;
  const shortest = resizeTo.shortestEdge;
  return width < height
    ? { width: shortest, height: Math.trunc((shortest * height) / width) }
    : { width: Math.trunc((shortest * width) / height), height: shortest };
}

/**
 * Pixels as the image tower takes them: (value / 255 − mean) / std, channel by channel.
 *
 * @param pixels RGB interleaved, size × size × 3
 * @param out receives 3 × size × size numbers from `offset` on
 */
export function normalise(
  pixels: Uint8Array,
  { size, mean, std }: Preprocessor,
  out: Float32Array,
  offset: number,
): void {
  const area = size * size;
  for (let channel = 0; channel < 3; channel++) {
    const scale = 1 / (255 * std[channel]);
    const shift = mean[channel] / std[channel];
    const plane = offset + channel * area;
    for (let i = 0; i < area; i++) out[plane + i] = pixels[i * 3 + channel] * scale - shift;
  }
}
