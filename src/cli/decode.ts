import sharp, { type Sharp } from 'sharp';
import { overWhite, type RgbImage } from '../clip/image';
import type { DecodeImage } from '../data/dataset';

/**
 * Decodes with libvips: EXIF rotation applied, transparency over white, the first frame of an animation,
 * colours as they are in the file (embedded profiles are ignored, as Pillow ignores them).
 */
export const decodeImage: DecodeImage = async (file) => {
  if (file.size === 0) throw new Error('the file is empty');
  const image = sharp(await file.arrayBuffer(), { autoOrient: true, ignoreIcc: true, failOn: 'error' });
  try {
    const { space } = await image.metadata();
    return space === 'cmyk' ? await decodeCmyk(image) : await decodeRgb(image);
  } catch (error) {
    throw new Error(reasonOf(error));
  }
};

async function decodeRgb(image: Sharp): Promise<RgbImage> {
  const { data, info } = await image
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return overWhite(data, info.width, info.height);
}

/** Print colours without a profile, as Pillow and browsers take them: each is what its ink and black leave of white. */
async function decodeCmyk(image: Sharp): Promise<RgbImage> {
  const { data, info } = await image
    .pipelineColourspace('cmyk')
    .toColourspace('cmyk')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < rgb.length; i++) {
    const at = Math.floor(i / 3) * 4;
    rgb[i] = Math.round(((255 - data[at + (i % 3)]) * (255 - data[at + 3])) / 255);
  }
  return { width, height, data: rgb };
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/unsupported image format/i.test(message))
    return 'not an image, or of a kind that cannot be decoded here';
  if (/pixel limit/i.test(message)) return 'the image is too large';
  return 'the image is damaged or cut short';
}
