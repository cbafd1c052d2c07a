import { InputError } from '../../files/folder';
import { type Columns, guessColumns } from '../columns';
import { ImageIndex } from '../imageIndex';
import type { ImportFiles } from '../importFiles';
import { baseName } from '../paths';
import { placeInSplits, splitNamed } from '../splits';
import { isTable, readTable, type Table } from '../table';
import { nameClassNumbers } from './labels';
import type { Listing, Source } from './source';

const metadataName = /^metadata\.(csv|tsv|jsonl)$/i;

/**
 * A table beside the images: Hugging Face's ImageFolder (`metadata.csv` and the like with `file_name` and `text`,
 * `caption` or `label`, in each split's folder or above), or a CSV, TSV or JSONL file with columns of any names.
 */
export const tables: Source = async (files) => {
  const paths = files.others.filter(isTable);
  const metadata = paths.filter((path) => metadataName.test(baseName(path)));
  const index = new ImageIndex(files.images);
  const read: { table: Table; columns: Columns }[] = [];
  for (const path of metadata.length > 0 ? metadata : paths) {
    const isImageName = (cell: string) => index.find(cell, path) !== undefined;
    const table = await readTable(await files.open(path), path, isImageName);
    const columns = guessColumns(table, isImageName);
    if (columns) read.push({ table, columns });
    else if (metadata.length > 0) throw new InputError(missingColumns(table));
  }
  if (read.length === 0) return undefined;
  return listTables(files, index, read);
};

function missingColumns({ path, columns, rows }: Table): string {
  if (rows.length === 0) return `${path} has no rows that can be read.`;
  const has = columns.length > 0 ? `has the columns ${columns.join(', ')}` : 'has no columns';
  return `${path} ${has}; it needs file_name and one of text, caption, label.`;
}

function listTables(
  files: ImportFiles,
  index: ImageIndex,
  read: { table: Table; columns: Columns }[],
): Listing {
  const kind = read.every(({ columns }) => columns.kind === 'classes') ? 'classes' : 'captions';
  const listing: Listing = {
    format: describe(read),
    kind,
    pairings: [],
    skipped: read.flatMap(({ table }) => table.skipped),
  };
  const placements = placeInSplits(files.images);
  const splits = new Map(files.images.map((path, i) => [path, placements[i].split]));
  for (const { table, columns } of read) {
    listRows(listing, table, columns, index, splits);
  }
  const named = new Set(listing.pairings.map(({ path }) => path));
  const tableNames = read.map(({ table }) => table.path).join(', ');
  for (const file of files.images) {
    if (!named.has(file)) listing.skipped.push({ file, reason: `${tableNames} has no text for it` });
  }
  if (kind === 'classes') nameClassNumbers(listing.pairings);
  return listing;
}

function listRows(
  listing: Listing,
  table: Table,
  columns: Columns,
  index: ImageIndex,
  splits: Map<string, string | undefined>,
): void {
  for (const { place, cells } of table.rows) {
    const [name] = cells.get(columns.image) ?? [];
    const texts = cells.get(columns.text) ?? [];
    const path = name === undefined ? undefined : index.find(name, table.path);
    const [split] = columns.split === undefined ? [] : (cells.get(columns.split) ?? []);
    if (name === undefined) {
      listing.skipped.push({ file: table.path, reason: `${place} names no image` });
    } else if (path === undefined) {
      listing.skipped.push({ file: name, reason: `${place} of ${table.path} names it, but it is not there` });
    } else if (texts.length === 0) {
      listing.skipped.push({ file: path, reason: `${place} of ${table.path} has no text for it` });
    } else {
      listing.pairings.push({ path, texts, split: split ? (splitNamed(split) ?? split) : splits.get(path) });
    }
  }
}

function describe(read: { table: Table; columns: Columns }[]): string {
  const [{ table, columns }] = read;
  const name = baseName(table.path);
  if (metadataName.test(name)) return `ImageFolder with ${name}`;
  const more = read.length > 1 ? ` and ${read.length - 1} more` : '';
  return `table ${name}${more} (image: ${columns.image}, ${columns.kind === 'captions' ? 'caption' : 'class'}: ${columns.text})`;
}
