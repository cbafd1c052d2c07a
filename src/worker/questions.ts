import type { Checkpoint } from '../clip/checkpoint';
import { pixelBatch } from '../data/images/pixelBatch';
import type { RenderImage } from '../data/images/render';
import { reasonOf } from '../data/text';
import type { TowerInput } from '../distill/towerInput';
import { InputError } from '../files/folder';
import { distilling } from '../train/experiment';
import type { Session } from '../train/session';
import type { AskedPicture, ImageQuestion } from './api';

interface Models {
  teacher: Checkpoint;
  student: Checkpoint;
}

/** What is asked of both models of the run of the moment. A later question cuts an earlier one off. */
export class Questions {
  private underWay = new AbortController();
  private readonly pictures: AskedPictures;

  constructor(
    private readonly session: Session,
    private readonly models: () => Models | undefined,
    render: RenderImage,
  ) {
    this.pictures = new AskedPictures(render);
  }

  async ask({ image, ...question }: ImageQuestion) {
    const signal = this.cutOff();
    const models = this.models();
    if (!models) return undefined;
    const asked = typeof image === 'number' ? image : await this.pictures.input(image, models);
    signal.throwIfAborted();
    // Other models may want other pixels.
    return models === this.models()
      ? this.session.ask(async (all) => distilling(all)?.ask({ ...question, image: asked }, signal))
      : undefined;
  }

  search(text: string) {
    const signal = this.cutOff();
    return this.session.ask(async (all) => distilling(all)?.search(text, signal));
  }

  /** Stops the question under way; for the next one. */
  private cutOff(): AbortSignal {
    this.underWay.abort(new InputError('Another question was asked.'));
    this.underWay = new AbortController();
    return this.underWay.signal;
  }
}

/** Pictures from outside the data as both towers take them. The last one is remembered: it is asked about again and again. */
class AskedPictures {
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
