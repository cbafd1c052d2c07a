import { type Preprocessor, preprocess } from '../../clip/preprocess';
import type { DecodeImage } from '../dataset';
import { augmented, type CropKey } from './augment';

/**
 * Makes an image tower's input of an image file: decoded, then resized and cut out of the middle, or, with `crop`, a
 * random part of it, varied as the key says. Pixels, RGB, size × size × 3. Throws an Error with the reason where the file can't be decoded.
 */
export type RenderImage = (
  file: Blob,
  path: string,
  preprocessor: Preprocessor,
  crop?: CropKey,
) => Promise<Uint8Array>;

/** Renders on this thread. */
export function renderWith(decode: DecodeImage): RenderImage {
  return async (file, path, preprocessor, crop) => {
    const image = await decode(file, path);
    return crop ? augmented(image, preprocessor, crop) : preprocess(image, preprocessor);
  };
}
