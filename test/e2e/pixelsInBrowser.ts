import { normalise, parsePreprocessor, preprocess } from '../../src/clip/preprocess';
import { decodeWithHeic } from '../../src/data/images/decodeWithHeic';

declare global {
  /** A PNG (base64) as a tower of this image size takes it, [3 × size × size]. */
  var pixelsOf: (file: string, size: number) => Promise<number[]>;
}

globalThis.pixelsOf = async (file, size) => {
  const bytes = Uint8Array.from(atob(file), (character) => character.charCodeAt(0));
  const image = await decodeWithHeic(new Blob([bytes]), 'image.png');
  const preprocessor = parsePreprocessor({}, size, 'test');
  const values = new Float32Array(3 * size * size);
  normalise(preprocess(image, preprocessor), preprocessor, values, 0);
  return Array.from(values);
};
