import { z } from 'zod';
import type { ImportFiles } from '../archives/importFiles';
import { mapConcurrent } from '../concurrent';
import { foldersOf, stemOf } from '../paths';
import { placeInSplits, splitInName } from '../splits/splitNames';
import { decodeText, isText, reasonOf } from '../text';
import { isReadable } from './columnContent';
import { captionColumns } from './columns';
import { ImageIndex } from './imageIndex';
import { nameClassNumbers } from './labels';
import { type Listing, NoTexts, type Source } from './source';
import { textsOfXmp } from './xmp';

/** What may lie beside an image, the likeliest to hold its caption first. */
const extensions = ['txt', 'caption', 'json', 'xmp', 'cls'];
/** What explains the data, or how they were downloaded (img2dataset's statistics). */
const aboutFiles = /((readme|licen[cs]e|notice|credits?)[^/]*|_stats\.json)$/i;
/** A class number and four or more coordinates. */
const boxLine = /^\d+( -?\d*\.?\d+){4,}$/;
const caption = z.union([z.string(), z.array(z.string())]);

/**
 * Images with files of the same stem beside them: `.txt` with a caption a line, or, as WebDataset has it in its tars
 * (https://github.com/webdataset/webdataset), `.json` with a `caption` or `.cls` with a class.
 */
export const sidecars: Source = async (files) => {
  const found = findSidecars(files);
  const placements = placeInSplits(files.images);
  const paired = found.filter((paths) => paths.length > 0).length;
  // A stray text file in a class folder doesn't make captions of the classes.
  const isLoose = placements.every(({ folders }) => folders.length === 0);
  if (paired === 0 || (paired * 2 < files.images.length && !isLoose)) return undefined;

  const splitOf = (path: string, i: number) =>
    placements[i].split ?? (files.hasTar ? splitInName(foldersOf(path).join('/')) : undefined);
  const results = await mapConcurrent(found, 16, (paths) => readSidecars(files, paths));
  const listing: Listing = {
    format: '',
    why: '',
    kind: 'classes',
    pairings: [],
    skipped: orphans(files, found),
  };
  for (const [i, { texts, reason, extension }] of results.entries()) {
    if (texts.length === 0) listing.skipped.push({ file: files.images[i], reason });
    else listing.pairings.push({ path: files.images[i], texts, split: splitOf(files.images[i], i) });
    if (texts.length > 0 && extension !== 'cls') listing.kind = 'captions';
  }
  if (listing.kind === 'classes') nameClassNumbers(listing.pairings);
  const texts = listing.pairings.flatMap((pairing) => pairing.texts);
  // Albums note down dates and places beside each image, and no caption.
  if (texts.length === 0 && !isLoose) return undefined;
  if (texts.length > 0 && texts.every((text) => boxLine.test(text)))
    throw new NoTexts(
      `The text files beside the images hold boxes, as YOLO has them (${texts[0]}), no captions; ` +
        "put each class's images in a folder of its name, or type the class names.",
    );
  const used = new Set(
    results.flatMap(({ texts, extension }) => (texts.length > 0 ? [`.${extension}`] : [])),
  );
  const beside = `images with ${[...used].join(', ')} beside them`;
  listing.format = files.hasTar ? `WebDataset: ${beside}` : beside;
  listing.why = `${paired} of ${files.images.length} images have a file of their name beside them.`;
  return listing;
};

/** For each image the files that belong to it: beside it, or, where none has any, of its name in another folder. */
function findSidecars({ images, others }: ImportFiles): string[][] {
  const byKey = sidecarsByKey(others);
  const found = images.map((path) => byKey.get(stemOf(path)) ?? byKey.get(keyOf(path)) ?? []);
  if (found.some((paths) => paths.length > 0)) return found;
  const index = new ImageIndex(images);
  const texts = new Map<string, string[]>();
  for (const path of others.filter(
    (other) => /\.(txt|caption)$/i.test(other) && foldersOf(other).length > 0,
  )) {
    const image = index.findEnd(stemOf(path), path);
    if (image !== undefined) texts.set(image, [...(texts.get(image) ?? []), path]);
  }
  return images.map((path) => texts.get(path) ?? []);
}

/** WebDataset's key: the path up to the first dot of the file's name. */
function keyOf(path: string): string {
  return path.replace(/(?<=[^/])\.[^/]*$/, '');
}

function extensionOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1).toLowerCase();
}

function sidecarsByKey(paths: string[]): Map<string, string[]> {
  const byKey = new Map<string, string[]>();
  const candidates = paths.filter((path) => extensions.includes(extensionOf(path)));
  candidates.sort((a, b) => extensions.indexOf(extensionOf(a)) - extensions.indexOf(extensionOf(b)));
  for (const path of candidates) {
    for (const key of new Set([stemOf(path), keyOf(path)])) byKey.set(key, [...(byKey.get(key) ?? []), path]);
  }
  return byKey;
}

/** Sidecars that belong to no image. */
function orphans({ others, hasTar }: ImportFiles, found: string[][]) {
  const used = new Set(found.flat());
  const isOrphan = (path: string) =>
    extensions.includes(extensionOf(path)) && !used.has(path) && !aboutFiles.test(path);
  return others
    .filter((path) => isOrphan(path) && (hasTar || extensionOf(path) !== 'json'))
    .map((file) => ({ file, reason: 'there is no image of its name' }));
}

/** The texts of the first sidecar that has any. */
async function readSidecars(files: ImportFiles, paths: string[]) {
  let reason = 'there is no text file of its name beside it';
  for (const path of paths) {
    const extension = extensionOf(path);
    try {
      const content = decodeText(await files.read(path));
      if (!isText(content)) throw new Error('it holds no text');
      const texts = extension === 'xmp' ? await textsOfXmp(content) : parseSidecar(content, extension);
      if (texts.length > 0) return { texts, reason, extension };
      reason = `${path} is empty`;
    } catch (error) {
      reason = `${path} can't be used: ${reasonOf(error)}`;
    }
  }
  return { texts: [], reason, extension: '' };
}

function parseSidecar(content: string, extension: string): string[] {
  if (extension !== 'json') return trimmed(content.split(/\r\n|\r|\n/));
  const fields = z.record(z.string(), z.unknown()).safeParse(JSON.parse(content)).data ?? {};
  for (const key of captionColumns(Object.keys(fields))) {
    const texts = trimmed([caption.safeParse(fields[key]).data ?? []].flat()).filter(isReadable);
    if (texts.length > 0) return texts;
  }
  throw new Error('it has no caption');
}

function trimmed(texts: string[]): string[] {
  return texts.map((text) => text.trim()).filter((text) => text !== '');
}
