import type { Preprocessor } from '../clip/preprocess';
import { InputError } from '../files/folder';
import type { CropKey } from './augment';
import type { Dataset } from './dataset';
import type { RenderImage } from './render';
import { reasonOf } from './text';

const defaultBudgetBytes = 256 * 2 ** 20;

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
   * An image, preprocessed: RGB, size × size × 3, not to be changed.
   * Throws InputError, beginning with the image's path, where its file can't be read any more.
   */
  pixels(index: number, preprocessor: Preprocessor): Promise<Uint8Array> {
    return this.get(index, preprocessor);
  }

  /** A random crop of an image, perhaps mirrored; the same for teacher and student in one epoch. Else as `pixels`. */
  croppedPixels(
    index: number,
    preprocessor: Preprocessor,
    { seed, epoch }: Omit<CropKey, 'image'>,
  ): Promise<Uint8Array> {
    return this.get(index, preprocessor, { seed, epoch, image: index });
  }

  private get(index: number, preprocessor: Preprocessor, crop?: CropKey): Promise<Uint8Array> {
    // Mean and deviation don't matter: pixels are not normalised yet.
    const key = JSON.stringify([index, preprocessor.size, preprocessor.resizeTo, crop]);
    const cached = this.cache.get(key);
    if (cached) {
      this.cache.delete(key);
      this.cache.set(key, cached);
      return cached.pixels;
    }
    const pixels = this.load(index, preprocessor, crop);
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
    const file = await this.dataset.open(image);
    try {
      return await this.render(file, image.path, preprocessor, crop);
    } catch (error) {
      throw new InputError(`${image.path} can't be read any more: ${reasonOf(error)}.`);
    }
  }

  private forget(key: string): void {
    this.bytes -= this.cache.get(key)?.bytes ?? 0;
    this.cache.delete(key);
  }
}
