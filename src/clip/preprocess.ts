import { z } from 'zod';
import { roundHalfEven } from '../files/floats';
import { InputError } from '../files/folder';
import { parseJson } from '../files/json';
import { sizes } from './config';
import type { RgbImage } from './image';
import { type Filter, resize } from './resize';

/** How a checkpoint wants its images, from `preprocessor_config.json`. */
export interface Preprocessor {
  /** Pixels that the shortest edge is resized to, or both edges. */
  resizeTo: { shortestEdge: number } | { width: number; height: number };
  filter: Filter;
  /** Edge of the square that is then cut out of the middle: the image tower's input. */
  size: number;
  /** Per channel, for values in 0..1. */
  mean: Channels;
  std: Channels;
}

type Channels = [number, number, number];
const channelsOf = (channel: z.ZodNumber) => z.tuple([channel, channel, channel]);
/** Pixels are divided by it. */
const deviation = z.number().min(1e-6, 'must be over 0: the deviation of pixels between 0 and 1');
const square = z.object({ width: sizes.edge, height: sizes.edge });

const preprocessorSchema = z.object({
  size: z.union([sizes.edge, z.object({ shortest_edge: sizes.edge }), square]).optional(),
  crop_size: z.union([sizes.edge, square]).optional(),
  resample: z.literal([2, 3], 'only 3, bicubic, and 2, bilinear, can be used').default(3),
  do_resize: z
    .literal(true, 'only true can be used: images must come to the size of the image tower')
    .optional(),
  do_rescale: z.boolean().default(true),
  rescale_factor: z
    .number()
    .positive()
    .default(1 / 255),
  do_normalize: z.boolean().default(true),
  image_mean: channelsOf(z.number()).nullish(),
  image_std: channelsOf(deviation).nullish(),
});

/** Pillow's numbers of the filters. */
const RESAMPLE: Record<Filter, number> = { bilinear: 2, bicubic: 3 };

const CLIP_MEAN: Channels = [0.48145466, 0.4578275, 0.40821073];
const CLIP_STD: Channels = [0.26862954, 0.26130258, 0.27577711];

/**
 * Reads the contents of a `preprocessor_config.json`; what is missing is CLIP's own.
 *
 * @param imageSize the image tower's input edge, which counts where no other is given
 * @param where begins the error messages
 */
export function parsePreprocessor(raw: unknown, imageSize: number, where: string): Preprocessor {
  const parsed = parseJson(preprocessorSchema, raw, where);
  const { size, crop_size = imageSize } = parsed;
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
  const filter = parsed.resample === RESAMPLE.bilinear ? 'bilinear' : 'bicubic';
  return { resizeTo, filter, size: cropped, ...normalisation(parsed) };
}

/** Mean and deviation for values in 0..1, with another scale of the values in them. */
function normalisation(parsed: z.output<typeof preprocessorSchema>): Pick<Preprocessor, 'mean' | 'std'> {
  const mean = parsed.do_normalize ? (parsed.image_mean ?? CLIP_MEAN) : ([0, 0, 0] satisfies Channels);
  const std = parsed.do_normalize ? (parsed.image_std ?? CLIP_STD) : ([1, 1, 1] satisfies Channels);
  const scale = parsed.do_rescale ? 255 * parsed.rescale_factor : 255;
  const inUnits = ([red, green, blue]: Channels): Channels => [red / scale, green / scale, blue / scale];
  return Math.abs(scale - 1) < 1e-6 ? { mean, std } : { mean: inUnits(mean), std: inUnits(std) };
}

/** The `preprocessor_config.json` of a preprocessor. */
export function rawPreprocessor({
  resizeTo,
  filter,
  size,
  mean,
  std,
}: Preprocessor): Record<string, unknown> {
  return {
    image_processor_type: 'CLIPImageProcessor',
    do_convert_rgb: true,
    do_resize: true,
    size: 'shortestEdge' in resizeTo ? { shortest_edge: resizeTo.shortestEdge } : resizeTo,
    resample: RESAMPLE[filter],
    do_center_crop: true,
    crop_size: { height: size, width: size },
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: true,
    image_mean: mean,
    image_std: std,
  };
}

/** A very narrow image, resized by its shortest edge, would fill the memory. */
const MOST_RESIZED_PIXELS = 2 ** 26;

/**
 * CLIP's preprocessing as Pillow does it: resize, centre crop. RGB, size × size × 3.
 * Throws an Error with the reason where the image is too narrow for it.
 */
export function preprocess(image: RgbImage, { resizeTo, filter, size }: Preprocessor): Uint8Array {
  const { width, height } = resizedSize(image, resizeTo);
  if (width * height > MOST_RESIZED_PIXELS)
    throw new Error(`it is too narrow: ${image.width} × ${image.height} pixels; cut it to what matters`);
  const resized = resize(image, width, height, filter);
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
