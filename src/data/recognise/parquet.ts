import { plural } from '../../files/count';
import { InputError } from '../../files/folder';
import type { ImportFiles } from '../archives/importFiles';
import { mapConcurrent } from '../concurrent';
import type { Skipped } from '../dataset';
import { NeedsClasses } from '../needsClasses';
import type { Columns, DataOptions } from '../options';
import { baseName, isImage, stemOf } from '../paths';
import { splitNamed, splitOfFile } from '../splits/splitNames';
import { listed, reasonOf } from '../text';
import { guessImageColumn, guessTextColumns, hasColumns, unknownColumns } from './columns';
import { nameClassNumbers } from './labels';
import { classesByFlags, flagColumns, oneHotColumn, withOneHot } from './oneHot';
import { namePaths, namesOf, type OpenedParquet, openParquet, sampleTable, textsOf } from './parquetColumns';
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
    return `${path} has lists of images without names in its column ${imageLists[0]}, which are not read; write one image a row, or as {bytes, path}.`;
  const names = listed(file.columns.map(({ element }) => element.name));
  return `${path} has no column of images, only ${names}; a column with the images' bytes would be right.`;
}

async function list(opened: OpenedParquet[], options: DataOptions, skipped: Skipped[]): Promise<Listing> {
  const { first, sample: read } = await firstSample(opened, skipped);
  const { sample, columns } = chooseColumns(read, first, options);
  const { image, text } = columns;
  const flags = text === oneHotColumn ? flagColumns(read) : undefined;
  const listing: Listing = {
    format: `Parquet (image: ${image}${text && `, ${columns.kind === 'classes' ? 'class' : 'caption'}: ${text}`})`,
    why: `${first.path} has images in its column ${image}.`,
    kind: columns.kind,
    pairings: [],
    classes:
      columns.kind === 'classes' ? (first.classNames.get(text) ?? typedClasses(text, options)) : undefined,
    tables: text ? [readingOf({ table: sample, columns })] : undefined,
    skipped,
    doubts: first.boxes.map(
      (name) => `Where in the images something is, as column ${name} says, is passed over.`,
    ),
  };
  const cache = new PageCache();
  let withSeveral = 0;
  for (const one of opened.slice(opened.indexOf(first))) {
    try {
      withSeveral += await listFile(listing, one, { ...columns, flags }, cache);
    } catch (error) {
      if (error instanceof InputError) throw error;
      listing.skipped.push({ file: one.path, reason: reasonOf(error) });
    }
  }
  if (withSeveral > 0)
    listing.doubts?.push(
      `${plural(withSeveral, 'row')} of several images: each image goes with its row's text.`,
    );
  if (columns.kind === 'classes' && !listing.classes) nameClassNumbers(listing.pairings, text);
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

/** The columns that are chosen or guessed, of the sample or of it with a column of the classes by columns of 0 and 1. */
function chooseColumns(
  read: Table,
  first: OpenedParquet,
  { columns, classes = [] }: DataOptions,
): { sample: Table; columns: Columns } {
  const samples = [read, withOneHot(read) ?? read];
  if (columns) {
    const sample = samples.find((one) => hasColumns(one.columns, columns));
    if (!sample) throw unknownColumns([read], columns);
    if (first.images.has(columns.image)) return { sample, columns };
    const names = [...first.images.keys()].join(', ');
    throw new InputError(
      `${first.path} has no images in its column ${columns.image}; it has them in ${names}.`,
    );
  }
  const image = guessImageColumn([...first.images.keys()]);
  for (const sample of samples) {
    const guessed = guessTextColumns(sample, image, [...first.classNames.keys(), oneHotColumn]);
    if (guessed) return { sample, columns: guessed };
  }
  if (classes.length > 0) return { sample: read, columns: { image, text: '', kind: 'classes' } };
  throw new NeedsClasses(
    `${first.path} has images in its column ${image}, but no column of captions or labels; ` +
      'type the class names, or give a file with one.',
  );
}

/** The columns that are read, or of the classes the columns that hold 1 of 0 and 1. */
interface WantedColumns extends Columns {
  flags?: string[];
}

/** Answers how many rows have several images. */
async function listFile(
  listing: Listing,
  opened: OpenedParquet,
  wanted: WantedColumns,
  cache: PageCache,
): Promise<number> {
  const { path, file, images } = opened;
  const bytes = images.get(wanted.image);
  if (!bytes) throw new Error(`it has no images in a column ${wanted.image}`);
  const reader = new ParquetImages(path, file, bytes, cache);
  const rows = await readRows(opened, wanted);
  const takeName = nameImages(path);
  let withSeveral = 0;
  for (const [i, row] of rows.entries()) {
    const texts = textsOfRow(row, opened, wanted);
    const names = namesOf(row[wanted.image]);
    const lacking = wanted.text && texts.length === 0 ? wanted.text : names.length === 0 && wanted.image;
    if (names.length > 1) withSeveral++;
    if (lacking)
      listing.skipped.push({ file: path, reason: `row ${i + 1} has nothing in its column ${lacking}` });
    else
      for (const [place, name] of names.entries())
        listing.pairings.push({
          path: takeName(i, place, name),
          texts,
          split: splitOfRow(row, opened, wanted),
          open: () => reader.open(i, place),
        });
  }
  return withSeveral;
}

async function readRows(opened: OpenedParquet, { image, text, split, flags }: WantedColumns) {
  const { file, texts } = opened;
  const missing = (flags ?? [text]).find((name) => name !== '' && !texts.has(name));
  if (missing !== undefined) throw new Error(`it has no column ${missing}`);
  const paths = [...(flags ?? [text]), split ?? ''].flatMap((name) => texts.get(name) ?? []);
  const groups = await mapConcurrent([...file.groupStarts.keys()].slice(1), readsAtATime, (number) =>
    file.readGroup([...paths, ...namePaths(opened, [image])], number - 1),
  );
  return groups.flat();
}

/** Each of a row's texts once, as an image may show several of a class. */
function textsOfRow(
  row: Record<string, unknown>,
  opened: OpenedParquet,
  { text, flags }: WantedColumns,
): string[] {
  return flags
    ? classesByFlags(flags, (name) => textsOf(row, name, opened))
    : [...new Set(textsOf(row, text, opened))];
}

function splitOfRow(
  row: Record<string, unknown>,
  opened: OpenedParquet,
  { split }: Columns,
): string | undefined {
  const [written] = split ? textsOf(row, split, opened) : [];
  return written ? (splitNamed(written) ?? written) : splitOfFile(opened.path);
}

/**
 * By what an image goes, in a folder named after its file: its own name where that is one, else its row's number, and of
 * a list its place.
 */
function nameImages(path: string): (row: number, place: number, name: unknown) => string {
  const taken = new Set<string>();
  return (row, place, name) => {
    const number = String(row).padStart(6, '0') + (place > 0 ? `-${place + 1}` : '');
    const own = typeof name === 'string' ? baseName(name.replaceAll('\\', '/')) : '';
    const free = isImage(own) ? (taken.has(own) ? `${number}-${own}` : own) : `${number}.png`;
    taken.add(free);
    return `${stemOf(path)}/${free}`;
  };
}
