import type { Preprocessor } from '../../clip/preprocess';
import { InputError } from '../../files/folder';
import type { Dataset } from '../dataset';
import { reasonOf } from '../text';
import type { Crop, CropKey } from './augment';
import type { RenderImage } from './render';

const defaultBudgetBytes = 256 * 2 ** 20;

/** An image of a data set can't be decoded, or is no longer there. */
export class BrokenImage extends InputError {
  override name = 'BrokenImage';
}

/** The images of a data set as image towers take them, the last used ones kept within a budget of bytes. */
export class ImageStore {
  /** In the order of their last use. */
  private readonly cache = new Map<string, { pixels: Promise<Uint8Array>; bytes: number }>();
  private bytes = 0;

  constructor(
    private readonly dataset: Dataset,
    private readonly render: RenderImage,
    private readonly budgetBytes = defaultBudgetBytes,
  ) {}

  /**
   * An image, preprocessed, or with `crop` randomly cropped, mirrored and coloured, the same for teacher and student:
   * RGB, size × size × 3, not to be changed.
   * Throws BrokenImage, beginning with the image's path, where its file can't be read.
   */
  pixels(index: number, preprocessor: Preprocessor, crop?: Crop): Promise<Uint8Array> {
    // Mean and deviation don't matter: pixels are not normalised yet.
    const key = JSON.stringify([index, preprocessor.size, preprocessor.resizeTo, crop]);
    const cached = this.cache.get(key);
    if (cached) {
      this.cache.delete(key);
      this.cache.set(key, cached);
      return cached.pixels;
    }
    const pixels = this.load(index, preprocessor, crop && { ...crop, image: index });
    this.cache.set(key, { pixels, bytes: preprocessor.size ** 2 * 3 });
    this.bytes += preprocessor.size ** 2 * 3;
    pixels.catch(() => this.forget(key));
    for (const oldest of this.cache.keys()) {
      if (this.bytes <= this.budgetBytes) break;
      this.forget(oldest);
    }
    return pixels;
  }

  private async load(index: number, preprocessor: Preprocessor, crop?: CropKey): Promise<Uint8Array> {
    const image = this.dataset.images[index];
    try {
      const file = await this.dataset.open(image);
      return await this.render(file, image.path, preprocessor, crop);
    } catch (error) {
      throw new BrokenImage(`${image.path} can't be read: ${reasonOf(error)}.`);
    }
  }

  private forget(key: string): void {
    this.bytes -= this.cache.get(key)?.bytes ?? 0;
    this.cache.delete(key);
  }
}
