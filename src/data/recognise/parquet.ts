import { InputError } from '../../files/folder';
import type { ImportFiles } from '../archives/importFiles';
import { mapConcurrent } from '../concurrent';
import type { Skipped } from '../dataset';
import { NeedsClasses } from '../needsClasses';
import type { Columns, DataOptions } from '../options';
import { baseName, isImage, stemOf } from '../paths';
import { splitNamed, splitOfFile } from '../splits/splitNames';
import { reasonOf } from '../text';
import { guessImageColumn, guessTextColumns, hasColumns, unknownColumns } from './columns';
import { nameClassNumbers } from './labels';
import { namePaths, type OpenedParquet, openParquet, sampleTable, textsOf } from './parquetColumns';
import { fieldOf } from './parquetFile';
import { PageCache, ParquetImages } from './parquetImages';
import type { Listing, Source } from './source';
import type { Table } from './table';
import { readingOf } from './tables';

const readsAtATime = 8;

/**
 * Parquet as the Hugging Face hub exports data sets: an image column of `{bytes, path}`, columns of text and of class
 * numbers, whose names stand in the metadata. Only text is read; images are read row group by row group when opened.
 */
export const parquet: Source = async (files, options) => {
  const paths = files.others.filter((path) => /\.parquet$/i.test(path));
  if (paths.length === 0) return undefined;
  const skipped: Skipped[] = [];
  const opened = (await mapConcurrent(paths, readsAtATime, (path) => openFile(files, path, skipped))).flat();
  const withImages = opened.filter(({ images }) => images.size > 0);
  if (withImages.length === 0) {
    // Beside images, Parquet files may hold anything, such as what img2dataset notes down.
    if (files.images.length > 0) return undefined;
    throw new InputError(whyNone(opened, skipped));
  }
  return list(withImages, options, skipped);
};

async function openFile(files: ImportFiles, path: string, skipped: Skipped[]): Promise<OpenedParquet[]> {
  try {
    return [await openParquet(files, path)];
  } catch (error) {
    if (error instanceof InputError) throw error;
    skipped.push({ file: path, reason: reasonOf(error) });
    return [];
  }
}

function whyNone(opened: OpenedParquet[], skipped: Skipped[]): string {
  if (opened.length === 0) return `${skipped[0].file} can't be used: ${skipped[0].reason}.`;
  const [{ path, file, imageLists }] = opened;
  if (imageLists.length > 0)
    return `${path} has lists of images in its column ${imageLists[0]}, which are not read; write one image a row.`;
  const names = file.columns.map(({ element }) => element.name).join(', ');
  return `${path} has no column of images, only ${names}; a column with the images' bytes would be right.`;
}

async function list(opened: OpenedParquet[], options: DataOptions, skipped: Skipped[]): Promise<Listing> {
  const { first, sample } = await firstSample(opened, skipped);
  const columns = chooseColumns(sample, first, options);
  const { image, text } = columns;
  const listing: Listing = {
    format: `Parquet (image: ${image}${text && `, ${columns.kind === 'classes' ? 'class' : 'caption'}: ${text}`})`,
    why: `${first.path} has images in its column ${image}.`,
    kind: columns.kind,
    pairings: [],
    classes:
      columns.kind === 'classes' ? (first.classNames.get(text) ?? typedClasses(text, options)) : undefined,
    tables: text ? [readingOf({ table: sample, columns })] : undefined,
    skipped,
  };
  const cache = new PageCache();
  for (const one of opened.slice(opened.indexOf(first))) {
    try {
      await listFile(listing, one, columns, cache);
    } catch (error) {
      if (error instanceof InputError) throw error;
      listing.skipped.push({ file: one.path, reason: reasonOf(error) });
    }
  }
  if (columns.kind === 'classes' && !listing.classes) nameClassNumbers(listing.pairings);
  return listing;
}

/** The first file whose rows can be read; those before it are skipped. */
async function firstSample(
  opened: OpenedParquet[],
  skipped: Skipped[],
): Promise<{ first: OpenedParquet; sample: Table }> {
  for (const first of opened) {
    try {
      return { first, sample: await sampleTable(first) };
    } catch (error) {
      if (error instanceof InputError) throw error;
      skipped.push({ file: first.path, reason: reasonOf(error) });
    }
  }
  throw new InputError(whyNone([], skipped));
}

function typedClasses(text: string, { classes }: DataOptions): string[] | undefined {
  return text ? undefined : classes;
}

function chooseColumns(sample: Table, first: OpenedParquet, { columns, classes = [] }: DataOptions): Columns {
  if (columns) {
    if (!hasColumns(sample.columns, columns)) throw unknownColumns([sample], columns);
    if (first.images.has(columns.image)) return columns;
    const names = [...first.images.keys()].join(', ');
    throw new InputError(
      `${first.path} has no images in its column ${columns.image}; it has them in ${names}.`,
    );
  }
  const image = guessImageColumn([...first.images.keys()]);
  const guessed = guessTextColumns(sample, image, [...first.classNames.keys()]);
  if (guessed) return guessed;
  if (classes.length > 0) return { image, text: '', kind: 'classes' };
  throw new NeedsClasses(
    `${first.path} has images in its column ${image}, but no column of captions or labels; ` +
      'type the class names, or give a file with one.',
  );
}

async function listFile(
  listing: Listing,
  opened: OpenedParquet,
  columns: Columns,
  cache: PageCache,
): Promise<void> {
  const { path, file, images, texts } = opened;
  const { image, text, split: splitColumn } = columns;
  const bytes = images.get(image);
  if (!bytes) throw new Error(`it has no images in a column ${image}`);
  if (text && !texts.has(text)) throw new Error(`it has no column ${text}`);
  const reader = new ParquetImages(path, file, bytes, cache);
  const wanted = [
    ...[text, splitColumn].flatMap((name) => (name ? (texts.get(name) ?? []) : [])).map((name) => [name]),
    ...namePaths(opened, [image]),
  ];
  const numbers = [...file.groupStarts.keys()].slice(1);
  const groups = await mapConcurrent(numbers, readsAtATime, (number) => file.readGroup(wanted, number - 1));
  const takeName = nameImages(path);
  for (const [i, row] of groups.flat().entries()) {
    const found = textsOf(row, text, opened);
    if (text && found.length === 0) {
      listing.skipped.push({ file: path, reason: `row ${i + 1} has nothing in its column ${text}` });
      continue;
    }
    const [splitText] = splitColumn ? textsOf(row, splitColumn, opened) : [];
    const split = splitText ? (splitNamed(splitText) ?? splitText) : splitOfFile(path);
    const name = takeName(i, fieldOf(row[image], 'path'));
    listing.pairings.push({ path: name, texts: found, split, open: () => reader.open(i) });
  }
}

/** By what an image goes, in a folder named after its file: its own name where that is one, else its row's number. */
function nameImages(path: string): (row: number, name: unknown) => string {
  const taken = new Set<string>();
  return (row, name) => {
    const number = String(row).padStart(6, '0');
    const own = typeof name === 'string' ? baseName(name.replaceAll('\\', '/')) : '';
    const free = isImage(own) ? (taken.has(own) ? `${number}-${own}` : own) : `${number}.png`;
    taken.add(free);
    return `${stemOf(path)}/${free}`;
  };
}
