import type { SchemaTree } from 'hyparquet';
import { z } from 'zod';
import type { ImportFiles } from '../archives/importFiles';
import { saidIn } from './jsonTable';
import { joinNumbered } from './numberedColumns';
import { fieldOf, ParquetFile } from './parquetFile';
import type { Table } from './table';

const sampleRows = 200;

/** A Parquet file with what its columns can be. */
export interface OpenedParquet {
  path: string;
  file: ParquetFile;
  /** Columns of images, each by the path of its bytes. */
  images: Map<string, string[]>;
  /** Columns of several images a row, which can't be read. */
  imageLists: string[];
  /** Columns that can hold captions, classes or splits, each by the file's columns that are read as it. */
  texts: Map<string, string[]>;
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
/** Also of lists, as earlier and later versions write them. */
const classLabels = z.union([
  classLabel,
  z.object({ feature: classLabel }).transform(({ feature }) => feature),
  z.tuple([classLabel]).transform(([feature]) => feature),
]);
const otherMedia = z.object({ _type: z.enum(['Audio', 'Video', 'Pdf']) });

function describeColumns(file: ParquetFile): Omit<OpenedParquet, 'path' | 'file'> {
  const features = featuresOf(file);
  const images = new Map<string, string[]>();
  const imageLists: string[] = [];
  const texts: string[] = [];
  const classNames = new Map<string, string[]>();
  for (const column of file.columns) {
    const { name } = column.element;
    const bytes = bytesIn(column);
    if (bytes && !otherMedia.safeParse(features[name]).success) images.set(name, bytes);
    else if (isTextual(column) || isConversation(column)) texts.push(name);
    else if (isImageList(column)) imageLists.push(name);
    const label = classLabels.safeParse(features[name]).data;
    if (label) classNames.set(name, label.names);
  }
  return { images, imageLists, texts: joinNumbered(texts), classNames };
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

function isImageList({ children: [list] }: SchemaTree): boolean {
  const items = list?.children ?? [];
  return items.some(({ children }) => children.some(({ element }) => element.name === 'bytes'));
}

/** Turns of a conversation about an image, of which only answers describe it. */
function isConversation(column: SchemaTree): boolean {
  let turn = column;
  while (turn.children.length === 1) [turn] = turn.children;
  const names = turn.children.map(({ element }) => element.name);
  return [
    ['role', 'content'],
    ['from', 'value'],
    ['user', 'assistant'],
  ].some((pair) => pair.every((name) => names.includes(name)));
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
  const columns = [...opened.texts.values()].flat().map((name) => [name]);
  return opened.file.readGroup([...columns, ...namePaths(opened, [...opened.images.keys()])], group, most);
}

/** The paths of what images are called, in these columns. */
export function namePaths({ file, images }: OpenedParquet, columns: string[]): string[][] {
  return file.columns
    .filter(({ element }) => images.has(element.name) && columns.includes(element.name))
    .flatMap(({ children }) =>
      children.filter(({ element }) => element.name === 'path').map(({ path }) => path),
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
  for (const name of opened.images.keys()) cells.set(name, textsIn(fieldOf(row[name], 'path')));
  return cells;
}

/** The texts that a row has under the name of a column. */
export function textsOf(
  row: Record<string, unknown>,
  name: string,
  { texts, classNames }: OpenedParquet,
): string[] {
  return (texts.get(name) ?? []).flatMap((column) => textsIn(row[column], classNames.get(column)));
}

/** The texts in a cell; of a class number its name, and nothing where it has none (the hub writes -1 for unknown). */
function textsIn(value: unknown, names?: string[]): string[] {
  if (Array.isArray(value)) return value.flatMap((part) => textsIn(part, names));
  const said = typeof value === 'object' && value !== null ? saidIn({ ...value }) : undefined;
  if (said) return said.isAnswer ? textsIn(said.content) : [];
  if (typeof value === 'string') return value.trim() === '' ? [] : [value.trim()];
  if (typeof value !== 'number' && typeof value !== 'bigint') return [];
  const text = names ? names[Number(value)] : String(value);
  return text === undefined ? [] : [text];
}
