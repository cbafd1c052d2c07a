import { downloadZip } from 'client-zip';
import type { Checkpoint } from '../clip/checkpoint';
import { toRgba } from '../clip/image';
import type { Preprocessor } from '../clip/preprocess';
import type { Dataset } from '../data/dataset';
import type { ImageStore } from '../data/images/images';
import type { TeacherPrompts } from '../distill/teacher';
import { searchPage, sheetPath, TILE } from '../export/searchPage';
import { InputError } from '../files/folder';

/** How a picture becomes small; its colours' mean and deviation don't matter. */
const SMALL: Preprocessor = {
  resizeTo: { shortestEdge: TILE.size },
  filter: 'bicubic',
  size: TILE.size,
  mean: [0, 0, 0],
  std: [1, 1, 1],
};
const QUALITY = 0.5;

/** Pictures of a run as its student sees them, and what reads texts. */
interface Searched {
  teacher: Checkpoint;
  teacherPrompts?: TeacherPrompts;
  dataset: Dataset;
  store: ImageStore;
  /** Which of the data's images. */
  images: number[];
  /** As the student compares them with texts, [images, d]. */
  features: Float32Array;
  d: number;
}

/**
 * A page that finds these images by text, with sheets of small pictures beside it, in one folder.
 *
 * @throws InputError where there is no student, or the page's own files can't be had
 */
export async function searchZip(template?: string, searched?: Searched): Promise<Blob> {
  if (!searched) throw new InputError('There is no student to export yet: wait until the models are loaded.');
  if (!template) throw new InputError('The page’s own files can’t be had. Load it anew, then export.');
  const { teacher, teacherPrompts, dataset, store, images, features, d } = searched;
  const paths = images.map((image) => dataset.images[image].path);
  const page = await searchPage(template, teacher, teacherPrompts, { paths, features, d });
  async function* entries() {
    for (let from = 0; from < images.length; from += TILE.inSheet) {
      const some = images.slice(from, from + TILE.inSheet);
      const small = await Promise.all(some.map((image) => store.pixels(image, SMALL)));
      yield { name: `search/${sheetPath(from / TILE.inSheet)}`, input: await drawSheet(small) };
    }
    yield { name: 'search/index.html', input: page };
  }
  return downloadZip(entries()).blob();
}

/** @param pictures RGB, TILE.size × TILE.size × 3 */
function drawSheet(pictures: Uint8Array[]): Promise<Blob> {
  const { size, inRow } = TILE;
  const canvas = new OffscreenCanvas(size * inRow, size * Math.ceil(pictures.length / inRow));
  const context = canvas.getContext('2d');
  for (const [i, picture] of pictures.entries()) {
    const pixels = new ImageData(toRgba(picture), size, size);
    context?.putImageData(pixels, size * (i % inRow), size * Math.floor(i / inRow));
  }
  return canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
}
