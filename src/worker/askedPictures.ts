import type { Checkpoint } from '../clip/checkpoint';
import { pixelBatch } from '../data/images/pixelBatch';
import type { RenderImage } from '../data/images/render';
import { reasonOf } from '../data/text';
import type { TowerInput } from '../distill/towerInput';
import { InputError } from '../files/folder';
import type { AskedPicture } from './api';

interface Models {
  teacher: Checkpoint;
  student: Checkpoint;
}

/** Pictures from outside the data as both towers take them. The last one is remembered: it is asked about again and again. */
export class AskedPictures {
  private last?: { id: string; models: Models; input: Promise<Record<keyof Models, TowerInput>> };

  constructor(private readonly render: RenderImage) {}

  /** The pixels of a picture, [1, 3, size, size], normalised. Throws InputError where it can't be read. */
  input(picture: AskedPicture, models: Models): Promise<Record<keyof Models, TowerInput>> {
    if (this.last?.id !== picture.id || this.last.models !== models)
      this.last = { id: picture.id, models, input: this.read(picture, models) };
    return this.last.input;
  }

  private async read({ path, file }: AskedPicture, models: Models) {
    const pixels = async ({ preprocessor }: Checkpoint) => ({
      pixels: await pixelBatch([0], preprocessor, () => this.render(file, path, preprocessor)),
    });
    try {
      const [teacher, student] = await Promise.all([pixels(models.teacher), pixels(models.student)]);
      return { teacher, student };
    } catch (error) {
      throw new InputError(`${path} can't be read: ${reasonOf(error)}.`);
    }
  }
}
