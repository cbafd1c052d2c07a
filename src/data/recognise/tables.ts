import { InputError } from '../../files/folder';
import type { ImportFiles } from '../archives/importFiles';
import type { TableReading } from '../dataset';
import type { Columns, DataOptions } from '../options';
import { baseName, stemOf } from '../paths';
import { splitNamed, splitOfFile } from '../splits/splitNames';
import { reasonOf } from '../text';
import { guessColumns, hasColumns, unknownColumns } from './columns';
import { ImageIndex } from './imageIndex';
import { nameClassNumbers } from './labels';
import { withJoinedColumns } from './numberedColumns';
import { openParquet, wholeTable } from './parquetColumns';
import { pairRows, type Row, skipUnnamed, splitByFolder, splitByLists } from './rows';
import type { Listing, Source } from './source';
import { isTable, readTable, type Table } from './table';

const metadataName = /^metadata\.(csv|tsv|jsonl|parquet)$/i;
/** More JSON files than this are no tables, but one of something for each image. */
const maxJsonFiles = 20;
const shownRows = 5;
/** What programs write where there is no text. */
const missing = /^(nan|none|null|n\/a|<na>)$/i;

interface ReadTable {
  table: Table;
  columns: Columns;
}

/**
 * A table beside the images: Hugging Face's ImageFolder (`metadata.csv` and the like with `file_name` and `text`,
 * `caption` or `label`, in each split's folder or above), or a CSV, TSV, JSONL or JSON file with columns of any names.
 */
export const tables: Source = async (files, options) => {
  // What a competition hands out to be filled in has made-up answers.
  const paths = files.others.filter(
    (path) => (isTable(path) || isParquetTable(path, files)) && !/sample_?submission/i.test(baseName(path)),
  );
  const metadata = paths.filter((path) => metadataName.test(baseName(path)));
  const index = new ImageIndex(files.images);
  const isMetadata = metadata.length > 0;
  const read = await readTables(files, isMetadata ? metadata : [...paths, ...jsonTables(files)], index);
  const usable = read.flatMap((table) => {
    const columns = columnsOf(table, index, options);
    if (columns === undefined && isMetadata) throw new InputError(missingColumns(table));
    return columns ? [{ table, columns }] : [];
  });
  const { columns: chosen } = options;
  if (chosen && read.length > 0 && !read.some(({ columns }) => hasColumns(columns, chosen)))
    throw unknownColumns(read, chosen);
  return usable.length > 0 ? listTables(files, index, mostTelling(usable)) : undefined;
};

/** Of tables that lie together, those with captions say more than those with codes or classes of the same images. */
function mostTelling(read: ReadTable[]): ReadTable[] {
  const captions = read.filter(({ columns }) => columns.kind === 'captions');
  const named = captions.filter(({ columns }) => /caption|text|sentence/i.test(columns.text));
  if (named.length > 0) return named;
  return captions.length > 0 ? captions : read;
}

/** JSON files that lie beside no image of their name. */
function jsonTables({ images, others }: ImportFiles): string[] {
  const paths = others.filter((path) => /\.json$/i.test(path));
  const stems = new Set(paths.length > 0 ? images.map(stemOf) : []);
  const alone = paths.filter((path) => !stems.has(stemOf(path)));
  return alone.length <= maxJsonFiles ? alone : [];
}

/** A Parquet file of the name of a folder of images is what img2dataset notes down of them. */
function isParquetTable(path: string, { images, others }: ImportFiles): boolean {
  const folder = `${stemOf(path)}/`;
  return (
    /\.parquet$/i.test(path) && ![images, others].some((paths) => paths.some((one) => one.startsWith(folder)))
  );
}

async function readTables(files: ImportFiles, paths: string[], index: ImageIndex): Promise<Table[]> {
  const read: Table[] = [];
  for (const path of paths) {
    const table = /\.parquet$/i.test(path)
      ? await readParquet(files, path)
      : await readTable(await files.open(path), path, (cell) => index.find(cell, path) !== undefined);
    if (table) read.push(withJoinedColumns(table));
  }
  return read;
}

/** The table in a Parquet file without images of its own. */
async function readParquet(files: ImportFiles, path: string): Promise<Table | undefined> {
  try {
    const opened = await openParquet(files, path);
    return opened.images.size > 0 ? undefined : await wholeTable(opened);
  } catch (error) {
    if (error instanceof InputError) throw error;
    return { path, columns: [], rows: [], skipped: [{ file: path, reason: reasonOf(error) }] };
  }
}

function columnsOf(table: Table, index: ImageIndex, { columns }: DataOptions): Columns | undefined {
  if (columns && hasColumns(table.columns, columns)) return columns;
  return guessColumns(table, (cell) => index.find(cell, table.path) !== undefined);
}

function missingColumns({ path, columns, rows, skipped }: Table): string {
  const [first] = skipped;
  if (rows.length === 0) return `${path} has no rows that can be read${first ? `: ${first.reason}` : ''}.`;
  const has = columns.length > 0 ? `has the columns ${columns.join(', ')}` : 'has no columns';
  return `${path} ${has}; it needs file_name and one of text, caption, label.`;
}

async function listTables(files: ImportFiles, index: ImageIndex, read: ReadTable[]): Promise<Listing> {
  const [{ table, columns }] = read;
  const listing: Listing = {
    format: describe(read),
    why: `${table.path} names the images in its column ${columns.image}.`,
    kind: read.every((one) => one.columns.kind === 'classes') ? 'classes' : 'captions',
    pairings: [],
    tables: read.map(readingOf),
    skipped: read.flatMap((one) => one.table.skipped),
  };
  const tableSplits = read.map((one) => splitOfFile(one.table.path));
  const haveSplits = new Set(tableSplits).size > 1;
  for (const [i, one] of read.entries()) {
    const before = listing.pairings.length;
    pairRows(listing, rowsOf(one), one.table.path, index);
    if (haveSplits) for (const pairing of listing.pairings.slice(before)) pairing.split ??= tableSplits[i];
  }
  await splitByLists(listing, files, index);
  splitByFolder(listing, files);
  skipUnnamed(listing, files.images, read.map((one) => one.table.path).join(', '));
  if (listing.kind === 'classes') nameClassNumbers(listing.pairings);
  return listing;
}

function rowsOf({ table, columns }: ReadTable): Row[] {
  return table.rows.map(({ place, cells }) => {
    const [split] = columns.split === undefined ? [] : (cells.get(columns.split) ?? []);
    return {
      place,
      image: cells.get(columns.image)?.[0],
      texts: (cells.get(columns.text) ?? []).filter(
        (text) => columns.kind === 'classes' || !missing.test(text),
      ),
      split: split ? (splitNamed(split) ?? split) : undefined,
    };
  });
}

/** What a person sees of a table, to check its columns. */
export function readingOf({ table, columns }: ReadTable): TableReading {
  const rows = table.rows
    .slice(0, shownRows)
    .map(({ cells }) => table.columns.map((column) => (cells.get(column) ?? []).join(' · ')));
  return { path: table.path, columns: table.columns, chosen: columns, rows };
}

function describe(read: ReadTable[]): string {
  const [{ table, columns }] = read;
  const name = baseName(table.path);
  if (metadataName.test(name)) return `ImageFolder with ${name}`;
  const more = read.length > 1 ? ` and ${read.length - 1} more` : '';
  return `table ${name}${more} (image: ${columns.image}, ${columns.kind === 'captions' ? 'caption' : 'class'}: ${columns.text})`;
}
