import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import sharp, { type Sharp } from 'sharp';
import { overWhite, type RgbImage } from '../clip/image';
import type { DecodeImage } from '../data/dataset';
import { examineWith } from '../data/images/examine';
import { heicDecoder, isHeic } from '../data/images/heic';
import { checkHeader, maxPixels } from '../data/images/imageHeader';
import { pixelBudget } from '../data/images/pixelBudget';

/** No image worth having takes as long. */
const mostSeconds = 60;

/**
 * Decodes with libvips: EXIF rotation applied, transparency over white, the first frame of an animation,
 * colours as they are in the file (embedded profiles are ignored, as Pillow ignores them). SVG is drawn by librsvg,
 * which runs no scripts and loads nothing from outside a drawing that it gets as bytes.
 */
export const decodeImage: DecodeImage = async (file, path) => {
  const pixels = await checkHeader(file);
  const isOfPhone = await isHeic(file);
  return withinBudget(pixels, () => (isOfPhone ? decodeHeic(file, path) : decode(file)));
};

const withinBudget = pixelBudget();
const libheif = createRequire(import.meta.url).resolve('libheif-js/libheif-wasm/libheif.wasm');
const decodeHeic = heicDecoder(() => readFile(libheif));

async function decode(file: Blob): Promise<RgbImage> {
  const image = sharp(await file.arrayBuffer(), {
    autoOrient: true,
    ignoreIcc: true,
    failOn: 'error',
    limitInputPixels: maxPixels,
  }).timeout({ seconds: mostSeconds });
  try {
    const { space } = await image.metadata();
    return space === 'cmyk' ? await decodeCmyk(image) : await decodeRgb(image);
  } catch (error) {
    throw new Error(reasonOf(error));
  }
}

export const examineImage = examineWith(decodeImage);

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
  if (/pixel limit/i.test(message)) return 'the image is too large, over 100 megapixels';
  if (/timeout/i.test(message)) return `decoding it takes over ${mostSeconds} seconds`;
  return 'the image is damaged or cut short';
}
