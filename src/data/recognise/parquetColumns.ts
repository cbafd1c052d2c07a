import type { SchemaTree } from 'hyparquet';
import { z } from 'zod';
import type { ImportFiles } from '../archives/importFiles';
import { saidIn } from './jsonTable';
import { joinNumbered } from './numberedColumns';
import { fieldOf, ParquetFile, valuesAt } from './parquetFile';
import type { Table } from './table';

const sampleRows = 200;

/** A Parquet file with what its columns can be. */
export interface OpenedParquet {
  path: string;
  file: ParquetFile;
  /** Columns of an image or several a row, each by the path of its bytes. */
  images: Map<string, string[]>;
  /** Columns of several images a row without names, which can't be told apart. */
  imageLists: string[];
  /** Columns that can hold captions, classes or splits, what is nested as 'objects.category', each by the paths that are read as it. */
  texts: Map<string, string[][]>;
  /** Columns that say where in the images something is. */
  boxes: string[];
  /** Names of classes by number, for columns of class numbers. */
  classNames: Map<string, string[]>;
}

/** Throws an Error whose message is the reason for skipping the file. */
export async function openParquet(files: ImportFiles, path: string): Promise<OpenedParquet> {
  const file = await ParquetFile.open(await files.open(path));
  return { path, file, ...describeColumns(file) };
}

const huggingFace = z.object({ info: z.object({ features: z.record(z.string(), z.unknown()) }) });
const classLabel = z.object({ _type: z.literal('ClassLabel'), names: z.array(z.string()) });
const otherMedia = z.object({ _type: z.enum(['Audio', 'Video', 'Pdf']) });
const boxName = /^(bbox|box|segmentation|polygon)(es|s)?$/i;

function describeColumns(file: ParquetFile): Omit<OpenedParquet, 'path' | 'file'> {
  const features = featuresOf(file);
  const images = new Map<string, string[]>();
  const imageLists: string[] = [];
  const paths = new Map<string, string[]>();
  const classNames = new Map<string, string[]>();
  for (const column of file.columns) {
    const { name } = column.element;
    const bytes = bytesIn(column);
    if (bytes && !otherMedia.safeParse(features[name]).success) {
      if (isReadableList(column)) images.set(name, bytes);
      else imageLists.push(name);
    } else if (isConversation(column)) paths.set(name, column.path);
    else for (const [text, path] of textsBelow(column, name)) paths.set(text, path);
  }
  for (const name of paths.keys()) {
    const label = classLabel.safeParse(featureOf(features, name)).data;
    if (label) classNames.set(name, label.names);
  }
  const joined = [...joinNumbered([...paths.keys()])];
  const texts = new Map(
    joined.map(([name, parts]) => [name, parts.flatMap((part) => [paths.get(part) ?? []])]),
  );
  const boxes = file.columns.filter(hasBoxes).map(({ element }) => element.name);
  return { images, imageLists, texts, boxes, classNames };
}

/** What the hub's library notes of the columns (https://huggingface.co/docs/datasets/about_dataset_features). */
function featuresOf(file: ParquetFile): Record<string, unknown> {
  try {
    return huggingFace.parse(JSON.parse(file.note('huggingface') ?? '')).info.features;
  } catch {
    return {};
  }
}

/** What is noted of a column, or of what it has nested or in lists, which earlier and later versions write in two ways. */
function featureOf(features: Record<string, unknown>, name: string): unknown {
  const inList = (feature: unknown) => fieldOf(feature, 'feature') ?? fieldOf(feature, '0') ?? feature;
  return name.split('.').reduce<unknown>((feature, part) => inList(fieldOf(feature, part)), features);
}

/** What a list holds in each place; the column itself where it is no list. */
function itemOf(column: SchemaTree): SchemaTree {
  const [item, ...others] = column.children;
  const isList = [column, item].some((one) => one?.element.repetition_type === 'REPEATED');
  return item && others.length === 0 && isList ? itemOf(item) : column;
}

/** The path of the bytes in a column that may be one of images. */
function bytesIn(column: SchemaTree): string[] | undefined {
  const item = itemOf(column);
  const leaf = item.children.find(({ element }) => element.name === 'bytes') ?? item;
  const { type, converted_type, logical_type } = leaf.element;
  const isBytes = type === 'BYTE_ARRAY' && converted_type === undefined && logical_type === undefined;
  return isBytes ? leaf.path : undefined;
}

/** Whether a column has an image a row, or several with names, by which they are counted without reading them. */
function isReadableList(column: SchemaTree): boolean {
  const item = itemOf(column);
  const isOne = item === column && column.element.repetition_type !== 'REPEATED';
  return isOne || item.children.some(({ element }) => element.name === 'path');
}

function hasBoxes(column: SchemaTree): boolean {
  return boxName.test(column.element.name) || column.children.some(hasBoxes);
}

/** Turns of a conversation about an image, of which only answers describe it. */
function isConversation(column: SchemaTree): boolean {
  const names = itemOf(column).children.map(({ element }) => element.name);
  return [
    ['role', 'content'],
    ['from', 'value'],
    ['user', 'assistant'],
  ].some((pair) => pair.every((name) => names.includes(name)));
}

/** The texts and numbers in a column, each with its name and path: 'objects.category'. */
function textsBelow(column: SchemaTree, name: string): [string, string[]][] {
  const item = itemOf(column);
  if (boxName.test(column.element.name)) return [];
  if (item.children.length === 0) return isTextual(item) ? [[name, item.path]] : [];
  return item.children.flatMap((child) => textsBelow(child, `${name}.${child.element.name}`));
}

/** Texts and whole numbers; what is true or false, and numbers as pandas writes classes where some are missing, alone. */
function isTextual({ element, path }: SchemaTree): boolean {
  const { type, converted_type, logical_type } = element;
  const kind = logical_type?.type ?? converted_type ?? '';
  if (type === 'BYTE_ARRAY') return ['UTF8', 'STRING', 'ENUM'].includes(kind);
  if (type === 'BOOLEAN' || type === 'FLOAT' || type === 'DOUBLE') return path.length === 1;
  return (type === 'INT32' || type === 'INT64') && /^(U?INT.*|)$/.test(kind);
}

/** The first rows, with what a person can choose columns by. */
export async function sampleTable(opened: OpenedParquet): Promise<Table> {
  const group = opened.file.groupStarts.findIndex((start) => start > 0) - 1;
  if (group < 0) throw new Error('it has no rows');
  return tableOf(opened, await readTexts(opened, group, sampleRows));
}

/** All rows, of a file that names images which lie elsewhere. */
export async function wholeTable(opened: OpenedParquet): Promise<Table> {
  const groups = opened.file.groupStarts.slice(1).map((_, group) => readTexts(opened, group));
  return tableOf(opened, (await Promise.all(groups)).flat());
}

function readTexts(opened: OpenedParquet, group: number, most?: number) {
  const columns = [...opened.texts.values()].flat();
  return opened.file.readGroup([...columns, ...namePaths(opened, [...opened.images.keys()])], group, most);
}

/** The paths of what images are called, in these columns. */
export function namePaths({ file, images }: OpenedParquet, columns: string[]): string[][] {
  return file.columns
    .filter(({ element }) => images.has(element.name) && columns.includes(element.name))
    .flatMap((column) =>
      itemOf(column)
        .children.filter(({ element }) => element.name === 'path')
        .map(({ path }) => path),
    );
}

function tableOf(opened: OpenedParquet, rows: Record<string, unknown>[]): Table {
  const { path, images, texts } = opened;
  return {
    path,
    columns: [...images.keys(), ...texts.keys()],
    rows: rows.map((row, i) => ({ place: `row ${i + 1}`, cells: cellsOf(row, opened) })),
    skipped: [],
  };
}

function cellsOf(row: Record<string, unknown>, opened: OpenedParquet): Map<string, string[]> {
  const cells = new Map<string, string[]>();
  for (const name of opened.texts.keys()) cells.set(name, textsOf(row, name, opened));
  for (const name of opened.images.keys()) cells.set(name, textsIn(namesOf(row[name])));
  return cells;
}

/** By what the images in a cell go, of which a list has several. */
export function namesOf(cell: unknown): unknown[] {
  return (Array.isArray(cell) ? cell : [cell]).map((image) => fieldOf(image, 'path'));
}

/** The texts that a row has under the name of a column. */
export function textsOf(
  row: Record<string, unknown>,
  name: string,
  { texts, classNames }: OpenedParquet,
): string[] {
  return (texts.get(name) ?? []).flatMap((path) => textsIn(valuesAt(row, path), classNames.get(name)));
}

/** The texts in a cell; of a class number its name, and nothing where it has none (the hub writes -1 for unknown). */
function textsIn(value: unknown, names?: string[]): string[] {
  if (Array.isArray(value)) return value.flatMap((part) => textsIn(part, names));
  const said = typeof value === 'object' && value !== null ? saidIn({ ...value }) : undefined;
  if (said) return said.isAnswer ? textsIn(said.content) : [];
  if (typeof value === 'string') return value.trim() === '' ? [] : [value.trim()];
  const isNumber = typeof value === 'bigint' || Number.isFinite(value);
  if (!isNumber && typeof value !== 'boolean') return [];
  const text = names ? names[Number(value)] : String(typeof value === 'boolean' ? Number(value) : value);
  return text === undefined ? [] : [text];
}
