import type { SchemaTree } from 'hyparquet';
import { z } from 'zod';
import { InputError } from '../../files/folder';
import type { ImportFiles } from '../archives/importFiles';
import { mapConcurrent } from '../concurrent';
import type { Skipped } from '../dataset';
import { NeedsClasses } from '../needsClasses';
import type { Columns, DataOptions } from '../options';
import { baseName, foldersOf, isImage, stemOf } from '../paths';
import { splitInName, splitNamed } from '../splits/splitNames';
import { reasonOf } from '../text';
import { guessImageColumn, guessTextColumns, hasColumns, unknownColumns } from './columns';
import { nameClassNumbers } from './labels';
import { fieldOf, ParquetFile } from './parquetFile';
import { PageCache, ParquetImages } from './parquetImages';
import type { Listing, Source } from './source';
import type { Table } from './table';
import { readingOf } from './tables';

const readsAtATime = 8;
const sampleRows = 200;

interface Opened {
  path: string;
  file: ParquetFile;
  /** Columns of images, each by the path of its bytes. */
  images: Map<string, string[]>;
  /** Columns that can hold captions, classes or splits. */
  texts: string[];
  /** Names of classes by number, for columns of class numbers. */
  classNames: Map<string, string[]>;
}

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

async function openFile(files: ImportFiles, path: string, skipped: Skipped[]): Promise<Opened[]> {
  try {
    const file = await ParquetFile.open(await files.open(path));
    return [{ path, file, ...describeColumns(file) }];
  } catch (error) {
    if (error instanceof InputError) throw error;
    skipped.push({ file: path, reason: reasonOf(error) });
    return [];
  }
}

function whyNone(opened: Opened[], skipped: Skipped[]): string {
  if (opened.length === 0) return `${skipped[0].file} can't be used: ${skipped[0].reason}.`;
  const [{ path, file }] = opened;
  const names = file.columns.map(({ element }) => element.name).join(', ');
  return `${path} has no column of images, only ${names}; a column with the images' bytes would be right.`;
}

const huggingFace = z.object({ info: z.object({ features: z.record(z.string(), z.unknown()) }) });
const classLabel = z.object({ _type: z.literal('ClassLabel'), names: z.array(z.string()) });
const otherMedia = z.object({ _type: z.enum(['Audio', 'Video', 'Pdf']) });

function describeColumns(file: ParquetFile): Omit<Opened, 'path' | 'file'> {
  const features = featuresOf(file);
  const images = new Map<string, string[]>();
  const texts: string[] = [];
  const classNames = new Map<string, string[]>();
  for (const column of file.columns) {
    const { name } = column.element;
    const bytes = bytesIn(column);
    if (bytes && !otherMedia.safeParse(features[name]).success) images.set(name, bytes);
    else if (isTextual(column)) texts.push(name);
    const label = classLabel.safeParse(features[name]).data;
    if (label) classNames.set(name, label.names);
  }
  return { images, texts, classNames };
}

/** What the hub's library notes of the columns (https://huggingface.co/docs/datasets/about_dataset_features). */
function featuresOf(file: ParquetFile): Record<string, unknown> {
  try {
    return huggingFace.parse(JSON.parse(file.note('huggingface') ?? '')).info.features;
  } catch {
    return {};
  }
}

/** The path of the bytes in a column that may be one of images. */
function bytesIn(column: SchemaTree): string[] | undefined {
  const leaf = column.children.find(({ element }) => element.name === 'bytes') ?? column;
  const { type, converted_type, logical_type, repetition_type } = leaf.element;
  const isBytes = type === 'BYTE_ARRAY' && converted_type === undefined && logical_type === undefined;
  const isList = [repetition_type, column.element.repetition_type].includes('REPEATED');
  return isBytes && !isList ? leaf.path : undefined;
}

/** Texts, whole numbers, or lists of them. */
function isTextual(column: SchemaTree): boolean {
  let leaf = column;
  while (leaf.children.length === 1) [leaf] = leaf.children;
  const { type, converted_type, logical_type } = leaf.element;
  const kind = logical_type?.type ?? converted_type ?? '';
  if (leaf.children.length > 0) return false;
  if (type === 'BYTE_ARRAY') return ['UTF8', 'STRING', 'ENUM'].includes(kind);
  return (type === 'INT32' || type === 'INT64') && /^(U?INT.*|)$/.test(kind);
}

async function list(opened: Opened[], options: DataOptions, skipped: Skipped[]): Promise<Listing> {
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
async function firstSample(opened: Opened[], skipped: Skipped[]): Promise<{ first: Opened; sample: Table }> {
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

function chooseColumns(sample: Table, first: Opened, { columns, classes = [] }: DataOptions): Columns {
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

/** The first rows, with what a person can choose columns by. */
async function sampleTable(opened: Opened): Promise<Table> {
  const { path, file, images, texts } = opened;
  const group = file.groupStarts.findIndex((start) => start > 0) - 1;
  if (group < 0) throw new Error('it has no rows');
  const wanted = [...texts.map((name) => [name]), ...namePaths(opened, [...images.keys()])];
  const rows = await file.readGroup(wanted, group, sampleRows);
  return {
    path,
    columns: file.columns
      .map(({ element }) => element.name)
      .filter((name) => images.has(name) || texts.includes(name)),
    rows: rows.map((row, i) => ({ place: `row ${i + 1}`, cells: cellsOf(row, opened) })),
    skipped: [],
  };
}

/** The paths of what images are called, in these columns. */
function namePaths({ file, images }: Opened, columns: string[]): string[][] {
  return file.columns
    .filter(({ element }) => images.has(element.name) && columns.includes(element.name))
    .flatMap(({ children }) =>
      children.filter(({ element }) => element.name === 'path').map(({ path }) => path),
    );
}

function cellsOf(row: Record<string, unknown>, { images, texts, classNames }: Opened): Map<string, string[]> {
  const cells = new Map<string, string[]>();
  for (const name of texts) cells.set(name, textsIn(row[name], classNames.get(name)));
  for (const name of images.keys()) cells.set(name, textsIn(fieldOf(row[name], 'path')));
  return cells;
}

/** The texts in a cell; of a class number its name, and nothing where it has none (the hub writes -1 for unknown). */
function textsIn(value: unknown, names?: string[]): string[] {
  if (Array.isArray(value)) return value.flatMap((part) => textsIn(part, names));
  if (typeof value === 'string') return value.trim() === '' ? [] : [value.trim()];
  if (typeof value !== 'number' && typeof value !== 'bigint') return [];
  const text = names ? names[Number(value)] : String(value);
  return text === undefined ? [] : [text];
}

async function listFile(listing: Listing, opened: Opened, columns: Columns, cache: PageCache): Promise<void> {
  const { path, file, images, texts, classNames } = opened;
  const { image, text, split: splitColumn } = columns;
  const bytes = images.get(image);
  if (!bytes) throw new Error(`it has no images in a column ${image}`);
  if (text && !texts.includes(text)) throw new Error(`it has no column ${text}`);
  const reader = new ParquetImages(path, file, bytes, cache);
  const wanted = [
    ...[text, splitColumn].flatMap((name) => (name ? [[name]] : [])),
    ...namePaths(opened, [image]),
  ];
  const numbers = [...file.groupStarts.keys()].slice(1);
  const groups = await mapConcurrent(numbers, readsAtATime, (number) => file.readGroup(wanted, number - 1));
  const takeName = nameImages(path);
  for (const [i, row] of groups.flat().entries()) {
    const found = text ? textsIn(row[text], classNames.get(text)) : [];
    if (text && found.length === 0) {
      listing.skipped.push({ file: path, reason: `row ${i + 1} has nothing in its column ${text}` });
      continue;
    }
    const [splitText] = splitColumn ? textsIn(row[splitColumn], classNames.get(splitColumn)) : [];
    const split = splitText ? (splitNamed(splitText) ?? splitText) : splitOf(path);
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

/** 'train' of `train-00000-of-00004.parquet`, `test` of `test/0000.parquet` and of `partial-test/0000.parquet`. */
function splitOf(path: string): string | undefined {
  const byFolder = foldersOf(path).map((folder) => splitNamed(folder.replace(/^partial-/, '')));
  return splitInName(stemOf(baseName(path))) ?? byFolder.findLast((split) => split !== undefined);
}
