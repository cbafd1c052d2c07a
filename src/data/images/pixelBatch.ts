import { normalise, type Preprocessor } from '../../clip/preprocess';

/**
 * Images one after the other as an image tower takes them.
 *
 * @param images indices into the data set's images
 * @param open an image's pixels, RGB, size × size × 3
 * @returns [images, 3, size, size], normalised
 */
export async function pixelBatch(
  images: number[],
  preprocessor: Preprocessor,
  open: (image: number) => Promise<Uint8Array>,
): Promise<Float32Array<ArrayBuffer>> {
  const each = 3 * preprocessor.size ** 2;
  const batch = new Float32Array(images.length * each);
  await Promise.all(
    images.map(async (image, i) => normalise(await open(image), preprocessor, batch, i * each)),
  );
  return batch;
}
