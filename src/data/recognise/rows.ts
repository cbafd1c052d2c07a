import type { ImportFiles } from '../archives/importFiles';
import { baseName, stemOf } from '../paths';
import { placeInSplits, splitInName, splitNamed } from '../splits/splitNames';
import { readText } from '../text';
import { firstOf } from './folds';
import type { ImageIndex } from './imageIndex';
import type { Listing } from './source';

/** What one row of some file says of an image. */
export interface Row {
  /** Where in the file it stands: 'row 5', 'line 5'. */
  place: string;
  /** The image, as the file names it. */
  image?: string;
  texts: string[];
  split?: string;
}

/**
 * Pairs the rows of the file `path` with the images they name; those that name none, one that is not there, or have no
 * text go to the listing's skipped ones.
 */
export function pairRows(listing: Listing, rows: Iterable<Row>, path: string, index: ImageIndex): void {
  for (const { place, image, texts, split } of rows) {
    const found = image === undefined ? undefined : index.find(image, path, split);
    if (image === undefined) {
      listing.skipped.push({ file: path, reason: `${place} names no image` });
    } else if (found === undefined) {
      const why = whyNotFound(index.namesakes(image));
      listing.skipped.push({ file: image, reason: `${place} of ${path} names it, but ${why}` });
    } else if (texts.length === 0) {
      listing.skipped.push({ file: found, reason: `${place} of ${path} has no text for it` });
    } else {
      listing.pairings.push({ path: found, texts, split });
    }
  }
}

function whyNotFound([first, other]: string[]): string {
  return other === undefined ? 'it is not there' : `${first} and ${other} are both called so`;
}

/** Skips the images that no row named; `where` is what should have named them. */
export function skipUnnamed(listing: Listing, images: string[], where: string): void {
  const named = new Set(listing.pairings.map(({ path }) => path));
  for (const { file } of listing.skipped) named.add(file);
  for (const file of images) {
    if (!named.has(file)) listing.skipped.push({ file, reason: `${where} has no text for it` });
  }
}

/**
 * Gives the images without a split the one of the folder that they lie in. Where some lie in folders for training and the
 * others in none of a split, as LLaVA's in `coco/train2017` and `gqa/images`, all are for training.
 */
export function splitByFolder(listing: Listing, { images }: ImportFiles): void {
  const placements = placeInSplits(images);
  const splits = new Map(images.map((path, i) => [path, placements[i].split]));
  const found = new Set(listing.pairings.map(({ path, split }) => split ?? splits.get(path)));
  if (found.size === 2 && found.has('train') && found.has(undefined)) return;
  for (const pairing of listing.pairings) pairing.split ??= splits.get(pairing.path);
}

/**
 * Gives images the split whose list names them: a text file such as `Flickr_8k.trainImages.txt`, a line a name, perhaps
 * with a class behind it, or CUB's `train_test_split.txt`, a line `ID 1` for each image to train on and `ID 0` for one to
 * test on, or one with the split behind each name. Of several numbered splits, as DTD has ten, the first counts.
 */
export async function splitByLists(listing: Listing, files: ImportFiles, index: ImageIndex) {
  const splits = await numberedSplits(files, index);
  const { lists, folds } = splitLists(files);
  if (folds > 1) listing.doubts = [...(listing.doubts ?? []), firstOf(folds, lists[0])];
  for (const path of lists) {
    const split = splitInName(stemOf(baseName(path)));
    const named = (await readLines(files, path)).flatMap((line) => {
      const [name, ...rest] = line.split(/\s+/);
      const image = index.find(line, path) ?? index.find(name, path);
      return image === undefined ? [] : [{ image, own: splitNamed(rest.join(' ')) }];
    });
    const haveOwn = named.every(({ own }) => own !== undefined);
    for (const { image, own } of named) if (!splits.has(image)) splits.set(image, haveOwn ? own : split);
  }
  for (const pairing of listing.pairings) pairing.split ??= splits.get(pairing.path);
}

const maxLists = 50;

/** Text files named after a split, beside no image of their name. */
function splitLists({ images, others }: ImportFiles): { lists: string[]; folds: number } {
  const stems = new Set(images.map(stemOf));
  const lists = others.filter(
    (path) =>
      /\.(txt|lst|list)$/i.test(path) && splitInName(stemOf(baseName(path))) && !stems.has(stemOf(path)),
  );
  // What is for training and validation together comes after what tells them apart.
  lists.sort((a, b) => Number(/train_?val/i.test(a)) - Number(/train_?val/i.test(b)));
  const numberOf = (path: string) => Number(/\d+$/.exec(stemOf(path))?.[0] ?? 0);
  const folds = new Set(lists.map(numberOf));
  const first = Math.min(...folds);
  return { lists: lists.filter((path) => numberOf(path) === first).slice(0, maxLists), folds: folds.size };
}

/** Caltech-UCSD Birds (Wah et al. 2011): the numbers in `train_test_split.txt` are those of `images.txt` beside it. */
async function numberedSplits(files: ImportFiles, index: ImageIndex) {
  const splits = new Map<string, string | undefined>();
  const name = 'train_test_split.txt';
  for (const path of files.others.filter((other) => baseName(other) === name)) {
    const imagesPath = `${path.slice(0, -name.length)}images.txt`;
    if (!files.others.includes(imagesPath)) continue;
    const splitOf = new Map<string, string>();
    for (const line of await readLines(files, path)) {
      const [, id, isTrain] = /^(\S+)\s+([01])$/.exec(line) ?? [];
      if (id !== undefined) splitOf.set(id, isTrain === '1' ? 'train' : 'test');
    }
    for (const line of await readLines(files, imagesPath)) {
      const [, id, named] = /^(\S+)\s+(.+)$/.exec(line) ?? [];
      const image = named && index.find(named, imagesPath);
      if (image) splits.set(image, splitOf.get(id));
    }
  }
  return splits;
}

/** The lines of a text file, without blanks around them and those that are empty. */
export async function readLines({ open }: ImportFiles, path: string): Promise<string[]> {
  const lines = (await readText(await open(path))).split(/\r\n|\r|\n/);
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}
