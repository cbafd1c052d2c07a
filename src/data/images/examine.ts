import type { DecodeImage, ExamineImage } from '../dataset';
import { meanColours, perceptualHash } from './perceptualHash';

/** Looks into images on this thread, by decoding them. */
export function examineWith(decode: DecodeImage): ExamineImage {
  return async (file, path) => {
    const image = await decode(file, path);
    const { width, height } = image;
    return { width, height, hash: perceptualHash(image), colours: meanColours(image) };
  };
}
