import type { ImportFiles } from '../archives/importFiles';
import { baseName } from '../paths';
import { placeInSplits, splitInName, splitNamed } from '../splits/splitNames';
import { readText } from '../text';
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
    const found =
      image === undefined ? undefined : index.find(image, path, split ?? splitInName(baseName(path)));
    if (image === undefined) {
      listing.skipped.push({ file: path, reason: `${place} names no image` });
    } else if (found === undefined) {
      listing.skipped.push({ file: image, reason: `${place} of ${path} names it, but it is not there` });
    } else if (texts.length === 0) {
      listing.skipped.push({ file: found, reason: `${place} of ${path} has no text for it` });
    } else {
      listing.pairings.push({ path: found, texts, split });
    }
  }
}

/** Skips the images that no row named; `where` is what should have named them. */
export function skipUnnamed(listing: Listing, images: string[], where: string): void {
  const named = new Set(listing.pairings.map(({ path }) => path));
  for (const { file } of listing.skipped) named.add(file);
  for (const file of images) {
    if (!named.has(file)) listing.skipped.push({ file, reason: `${where} has no text for it` });
  }
}

/** Gives the images without a split the one of the folder that they lie in. */
export function splitByFolder(listing: Listing, { images }: ImportFiles): void {
  const placements = placeInSplits(images);
  const splits = new Map(images.map((path, i) => [path, placements[i].split]));
  for (const pairing of listing.pairings) pairing.split ??= splits.get(pairing.path);
}

/** 'train.txt', 'val_images.txt', 'Flickr_8k.trainImages.txt'. */
const listName = /^(?:flickr_?(?:8|30)k\.)?(train|val|dev|test)_?(?:images)?\.txt$/i;

/** Gives images the split whose list names them: a text file such as `Flickr_8k.trainImages.txt`, a name a line. */
export async function splitByLists(listing: Listing, { others, open }: ImportFiles, index: ImageIndex) {
  const splits = new Map<string, string | undefined>();
  for (const path of others) {
    const name = listName.exec(baseName(path))?.[1];
    if (name === undefined) continue;
    const lines = (await readText(await open(path))).split(/\r\n|\r|\n/);
    for (const line of lines) {
      const image = index.find(line.trim(), path);
      if (image !== undefined) splits.set(image, splitNamed(name));
    }
  }
  for (const pairing of listing.pairings) pairing.split ??= splits.get(pairing.path);
}
