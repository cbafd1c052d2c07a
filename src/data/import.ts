import { type Folder, InputError } from '../files/folder';
import { foreignData } from './archives/foreign';
import { type ImportFiles, type ListOptions, listFiles } from './archives/importFiles';
import { mapConcurrent } from './concurrent';
import type { Dataset, ExamineImage, ImageFacts, Skipped } from './dataset';
import { glanceWith } from './images/glance';
import { NeedsClasses } from './needsClasses';
import type { DataOptions } from './options';
import { baseName, foldersOf } from './paths';
import { buildDataset } from './recognise/buildDataset';
import { joinFiles, joinListings, keepApart } from './recognise/joinParts';
import { recognise } from './recognise/recognise';
import type { Listing } from './recognise/source';
import { isTable } from './recognise/table';
import { examineAll, firstReasons, withoutBroken } from './scan';
import { type Arranged, arrange } from './splits/arrange';
import { reasonOf } from './text';

const looksAtATime = 8;

export interface ImportOptions extends ListOptions {
  examine: ExamineImage;
  dataOptions?: DataOptions;
  /** Of very many images, whether all are decoded, or only some. */
  decodesAll?: boolean;
}

/** What was made of data, and what is known of its images by their index. */
export interface Imported extends Arranged {
  facts: ReadonlyMap<number, ImageFacts>;
}

/**
 * Recognises the form of image-text data, pairs images with texts, looks into the images, and splits them as the
 * options ask. What is wrong with single files is in `skipped`; InputError where no pair is left.
 */
export async function importDataset(folder: Folder, options: ImportOptions): Promise<Imported> {
  const { examine, dataOptions = {}, decodesAll = true, ...listOptions } = options;
  const files = await listFiles(folder, listOptions);
  const indexed = await indexParts([files], { examine, dataOptions, ...listOptions });
  const look = decodesAll ? examine : glanceWith(examine, indexed.images);
  const findings = await examineAll(indexed, look, { concurrency: looksAtATime, ...listOptions });
  const { dataset, facts } = withoutBroken(indexed, findings);
  return { ...arrange(dataset, facts, dataOptions), facts };
}

/**
 * Makes one data set of several drops without looking into images: each is recognised alone, or, where one says nothing
 * alone, such as a folder of images without their table, all are as one. Throws InputError where there is no pair.
 */
export async function indexParts(given: readonly ImportFiles[], options: ImportOptions): Promise<Dataset> {
  const parts = keepApart(given);
  const files = joinFiles(parts);
  const { dataOptions = {} } = options;
  const recognising =
    parts.length === 1 ? recognise(files, dataOptions) : recogniseParts(parts, files, dataOptions);
  const listing = await unlessAborted(recognising, options.signal);
  if (!listing) throw await whyNotRecognised(files, options);
  const dataset = buildDataset(files, listing, dataOptions);
  if (dataset.images.length > 0) return dataset;
  throw new InputError(`${files.name}: no image has a text.${firstReasons(dataset.skipped)}`);
}

/** The work's outcome; on abort it is no longer waited for. */
function unlessAborted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    work.then(resolve, reject);
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

async function recogniseParts(
  parts: readonly ImportFiles[],
  whole: ImportFiles,
  options: DataOptions,
): Promise<Listing | undefined> {
  const alone = new Map<ImportFiles, Listing>();
  for (const part of parts) {
    const listing = await recognise(part, options).catch((error) => {
      if (!(error instanceof InputError)) throw error;
    });
    if (listing && listing.pairings.length > 0) alone.set(part, listing);
  }
  const mute = parts.filter((part) => !alone.has(part));
  if (mute.length === 0) return joinListings(parts, [...alone.values()], options.promptTemplate);
  const listing = await recognise(whole, options);
  const paired = new Set(listing?.pairings.map(({ path }) => path));
  const isHeard = (part: ImportFiles) =>
    part.images.length === 0 || part.images.some((path) => paired.has(path));
  return mute.every(isHeard) ? listing : undefined;
}

async function whyNotRecognised(files: ImportFiles, { examine }: ImportOptions): Promise<InputError> {
  const { name, images, others, skipped } = files;
  if (images.length === 0) return new InputError((await whyElsewhere(files)) ?? whyNoImages(files));
  const few = images.slice(0, looksAtATime);
  const reasons = await mapConcurrent(few, looksAtATime, async (path): Promise<Skipped[]> => {
    const looking = files.open(path).then((file) => examine(file, path));
    return looking.then(
      () => [],
      (error) => [{ file: path, reason: reasonOf(error) }],
    );
  });
  const broken = reasons.flat();
  if (broken.length === few.length)
    return new InputError(`${name}: no image can be read.${firstReasons(broken)}`);
  const table = others.find(isTable);
  if (table)
    return new InputError(
      `${name}: ${table} needs a column that names the images and one with a text for each.`,
    );
  const damage = skipped.length > 0 ? ` Skipped:${firstReasons(skipped)}` : '';
  const foreign = inForeignData(files);
  const isOneFolder = new Set(images.map((path) => foldersOf(path).join('/'))).size === 1;
  const what = isOneFolder
    ? 'all images lie in one folder, which makes one class at most, and there is nothing to tell it from'
    : "what the images show can't be told";
  return new NeedsClasses(
    `${name}: ${what}; put each class's images in a folder of its name${isOneFolder ? ' and give two or more of them at once' : ''}, ` +
      'add a metadata.csv with the columns file_name and text, or type the class names on the page.' +
      `${foreign ? ` ${foreign}` : ''}${damage}`,
  );
}

/** Where a table says that its images are, but this is no place to read them from. */
async function whyElsewhere({ name, others, open }: ImportFiles): Promise<string | undefined> {
  for (const path of others.filter((other) => isTable(other) || /\.txt$/i.test(other))) {
    const start = await (await open(path)).slice(0, 2 ** 16).text();
    if (/[\t,;]"?(\/9j\/|iVBORw)/.test(start))
      return `${name}: ${path} holds images as base64 text, which is not read; write them as files beside the table.`;
    if (/https?:\/\//.test(start))
      return `${name}: ${path} holds addresses of images, not the images; download them first, with img2dataset for instance.`;
  }
  return undefined;
}

/** The first file in which images or texts may lie that is not read, in a sentence. */
function inForeignData({ others }: ImportFiles): string | undefined {
  const path = others.find((other) => foreignData(other));
  return path && `${path} ${foreignData(path)}.`;
}

function whyNoImages(files: ImportFiles): string {
  const { name, others, skipped } = files;
  const foreign = inForeignData(files);
  if (foreign) return `${name} has no images that can be read: ${foreign}`;
  if (skipped.length > 0) return `${name} has no images that can be read.${firstReasons(skipped)}`;
  if (others.length === 0) return `${name} is empty; give a folder or an archive with images.`;
  const example = baseName(others[0]);
  const found =
    others.length === 1 ? `the file ${example}` : `${others.length} other files such as ${example}`;
  return `${name} has no images (PNG, JPEG, WebP, GIF, AVIF, HEIC, BMP, SVG), only ${found}.`;
}
