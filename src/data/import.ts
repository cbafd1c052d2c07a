import { type Folder, InputError, type OnProgress } from '../files/folder';
import { mapConcurrent } from './concurrent';
import type { DataImage, Dataset, DecodeImage, Skipped } from './dataset';
import { type ImportFiles, listFiles } from './importFiles';
import { baseName } from './paths';
import { defaultPromptTemplate, withPromptTemplate } from './promptTemplate';
import { classFolders } from './sources/classFolders';
import { sortClasses } from './sources/labels';
import { sidecars } from './sources/sidecars';
import type { Listing, Pairing, Source } from './sources/source';
import { tables } from './sources/tables';
import { isTable } from './table';
import { reasonOf } from './text';

/** Every form of data that can be read, the one that says most about its images first. */
const sources: Source[] = [tables, sidecars, classFolders];
const decodesAtATime = 8;

export interface ImportOptions {
  decode: DecodeImage;
  onProgress?: OnProgress;
  signal?: AbortSignal;
}

/**
 * Recognises the form of image-text data, pairs images with texts, and decodes every image once to see whether it can
 * be. What is wrong with single files is in `skipped`; InputError where no pair is left.
 */
export async function importDataset(folder: Folder, options: ImportOptions): Promise<Dataset> {
  const files = await listFiles(folder, options.signal);
  if (files.images.length === 0) throw new InputError(whyNoImages(files));
  const listing = await recognise(files);
  if (!listing) throw new InputError(await whyNotRecognised(files, options));
  const pairings = mergeByImage(listing.pairings);
  const unpaired = [...files.skipped, ...listing.skipped];
  if (pairings.length === 0)
    throw new InputError(`${files.name}: no image has a text. ${firstReasons(unpaired)}`);
  const broken = await findBroken(
    files,
    pairings.map(({ path }) => path),
    options,
  );
  const brokenPaths = new Set(broken.map(({ file }) => file));
  const good = pairings.filter(({ path }) => !brokenPaths.has(path));
  if (good.length === 0) throw new InputError(`${files.name}: no image can be read. ${firstReasons(broken)}`);
  return buildDataset(files, { ...listing, pairings: good, skipped: [...unpaired, ...broken] });
}

async function recognise(files: ImportFiles): Promise<Listing | undefined> {
  for (const source of sources) {
    const listing = await source(files);
    if (listing) return listing;
  }
  return undefined;
}

async function whyNotRecognised(files: ImportFiles, options: ImportOptions): Promise<string> {
  const { name, images, others, skipped } = files;
  const few = images.slice(0, decodesAtATime);
  const broken = await findBroken(files, few, options);
  if (broken.length === few.length) return `${name}: no image can be read. ${firstReasons(broken)}`;
  const table = others.find(isTable);
  if (table) return `${name}: ${table} needs a column that names the images and one with a text for each.`;
  const damage = skipped.length > 0 ? ` Skipped: ${firstReasons(skipped)}` : '';
  return (
    `${name}: what the images show can't be told; put each class's images in a folder of its name, ` +
    `or add a metadata.csv with the columns file_name and text.${damage}`
  );
}

function whyNoImages({ name, others, skipped }: ImportFiles): string {
  if (skipped.length > 0) return `${name} has no images that can be read. ${firstReasons(skipped)}`;
  if (others.length === 0) return `${name} is empty; give a folder or an archive with images.`;
  if (others.some((path) => path.endsWith('.parquet'))) {
    return `${name}: Parquet files are not read; give the images as files, with a metadata.csv.`;
  }
  const example = baseName(others[0]);
  return `${name} has no images (PNG, JPEG, WebP, GIF, AVIF, BMP, SVG), only ${others.length} other files such as ${example}.`;
}

/** An image with two captions is one image with two texts. */
function mergeByImage(pairings: Pairing[]): Pairing[] {
  const byPath = new Map<string, Pairing>();
  for (const { path, texts, split } of pairings) {
    const merged = byPath.get(path);
    byPath.set(path, {
      path,
      split: merged?.split ?? split,
      texts: [...new Set([...(merged?.texts ?? []), ...texts])],
    });
  }
  return [...byPath.values()];
}

async function findBroken(
  files: ImportFiles,
  paths: string[],
  { decode, onProgress, signal }: ImportOptions,
): Promise<Skipped[]> {
  const total = paths.length;
  let done = 0;
  const results = await mapConcurrent(
    paths,
    decodesAtATime,
    async (path) => {
      const reason = await files
        .open(path)
        .then((file) => decode(file, path))
        .then(() => undefined, reasonOf);
      done++;
      onProgress?.({ label: 'checking images', done, total, unit: 'images' });
      return reason === undefined ? [] : [{ file: path, reason }];
    },
    signal,
  );
  return results.flat();
}

function buildDataset(files: ImportFiles, { format, kind, pairings, skipped }: Listing): Dataset {
  const distinct = new Set(pairings.flatMap(({ texts }) => texts));
  const texts = kind === 'classes' ? sortClasses(distinct) : [...distinct];
  const indices = new Map(texts.map((text, i) => [text, i]));
  const images: DataImage[] = pairings.map(({ path, split, texts }) => ({
    path,
    texts: texts.flatMap((text) => indices.get(text) ?? []),
    split,
  }));
  const dataset: Dataset = {
    name: files.name,
    format,
    classes: kind === 'classes' ? texts : [],
    texts,
    images,
    skipped,
    styles: [],
    open: async ({ path }) => {
      try {
        return await files.open(path);
      } catch (error) {
        throw new InputError(`${path} can't be opened: ${reasonOf(error)}.`);
      }
    },
  };
  return withPromptTemplate(dataset, defaultPromptTemplate);
}

function firstReasons(skipped: Skipped[]): string {
  const more = skipped.length > 3 ? `; and ${skipped.length - 3} more` : '';
  const first = skipped.slice(0, 3).map(({ file, reason }) => `${file}: ${reason}`);
  return `${first.join('; ')}${more}.`;
}
