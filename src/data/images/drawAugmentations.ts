import { toRgba } from '../../clip/image';
import type { Preprocessor } from '../../clip/preprocess';
import type { Dataset } from '../dataset';
import { type AugmentOptions, cropOf } from './augment';
import type { ImageStore } from './images';

/**
 * An image as training sees it in its first epochs.
 *
 * @returns `draws` pictures, RGBA, size × size × 4
 */
export function drawAugmentations(
  { images, texts }: Dataset,
  store: ImageStore,
  index: number,
  preprocessor: Preprocessor,
  options: AugmentOptions,
  draws: number,
): Promise<Uint8ClampedArray<ArrayBuffer>[]> {
  const own = images[index].texts.map((text) => texts[text]);
  const pictures = Array.from({ length: draws }, async (_, epoch) => {
    return toRgba(await store.pixels(index, preprocessor, cropOf(own, options, epoch)));
  });
  return Promise.all(pictures);
}
