import { overWhite, type RgbImage } from '../../clip/image';
import type { DecodeImage } from '../dataset';
import { checkHeader, maxPixels } from './imageHeader';
import { pixelBudget } from './pixelBudget';

/** One for all that decodes on this thread. */
export const withinBudget = pixelBudget();

/** Decodes with what the browser has: EXIF rotation applied, colours as in the file, transparency over white. */
export const decodeInBrowser: DecodeImage = async (file) =>
  withinBudget(await checkHeader(file), () => decode(file));

async function decode(file: Blob): Promise<RgbImage> {
  const bitmap = await createImageBitmap(file, {
    imageOrientation: 'from-image',
    premultiplyAlpha: 'none',
    colorSpaceConversion: 'none',
  }).catch(() => {
    throw new Error('not an image, damaged, or of a kind that this browser cannot decode');
  });
  try {
    const { width, height } = bitmap;
    if (width * height > maxPixels) throw new Error(`the image is too large (${width} × ${height} pixels)`);
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('this browser has no canvas to decode it with');
    context.drawImage(bitmap, 0, 0);
    return overWhite(context.getImageData(0, 0, width, height).data, width, height);
  } finally {
    bitmap.close();
  }
}
