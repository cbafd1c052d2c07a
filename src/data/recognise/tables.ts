import type { ImportFiles } from '../archives/importFiles';
import type { TableReading } from '../dataset';
import type { Columns, DataOptions } from '../options';
import { baseName } from '../paths';
import { splitOfFile } from '../splits/splitNames';
import { listed } from '../text';
import { classesIn, contentOf, sample } from './columnContent';
import { guessColumns, guessSplitColumns, hasColumns, splitOfCell, unknownColumns } from './columns';
import { firstFold } from './folds';
import { ImageIndex } from './imageIndex';
import { nameClassNumbers } from './labels';
import { oneHotColumn, withOneHot } from './oneHot';
import { pairRows, type Row, skipUnnamed, splitByFolder, splitByLists } from './rows';
import { type Listing, NoTexts, type Source } from './source';
import type { Table } from './table';
import { metadataName, readTables } from './tableFiles';

const shownRows = 5;
/** What programs write where there is no text. */
const missing = /^(nan|none|null|n\/a|<na>)$/i;

interface ReadTable {
  table: Table;
  columns: Columns;
}

/**
 * A table beside the images: Hugging Face's ImageFolder (`metadata.csv` and the like with `file_name` and `text`,
 * `caption` or `label`, in each split's folder or above), or a CSV, TSV, JSONL, JSON or text file with columns of any
 * names.
 */
export const tables: Source = async (files, options) => {
  const index = new ImageIndex(files.images);
  const read = await readTables(files, index);
  const chosenTables = read.flatMap((table) => chooseColumns(table, index, options) ?? []);
  const usable = ofImagesHere(chosenTables, index);
  const used = new Set(usable.map(({ table }) => table.path));
  const others = read.filter(({ path }) => !used.has(path));
  const lacking = others.find(({ path }) => metadataName.test(baseName(path)));
  if (lacking) throw new NoTexts(missingColumns(lacking));
  const { columns: chosen } = options;
  if (chosen && read.length > 0 && !usable.some(({ columns }) => columns === chosen))
    throw unknownColumns(read, chosen);
  if (usable.length === 0) return undefined;
  const listing = await listTables(files, index, mostTelling(usable, index), others);
  for (const { table } of chosenTables.filter((one) => !usable.includes(one)))
    listing.skipped.push({ file: table.path, reason: 'none of the images that it names is there' });
  return listing;
};

/** Of several tables those that name an image which is there, where any does. */
function ofImagesHere(read: ReadTable[], index: ImageIndex): ReadTable[] {
  const found = read.filter(({ table, columns }) =>
    sample(table, columns.image).some((cell) => index.find(cell, table.path) !== undefined),
  );
  return found.length > 0 ? found : read;
}

/**
 * Of tables that lie together, those with captions say more than those with codes or classes of the same images, and
 * names of classes more than numbers.
 */
function mostTelling(read: ReadTable[], index: ImageIndex): ReadTable[] {
  const ofClasses = read.filter(({ columns }) => columns.kind === 'classes');
  const all = read.filter(({ columns }) => columns.kind === 'captions');
  // A list of class names by number may seem to name a few images that are called by numbers.
  const isFew = all.length > 0 && ofClasses.length > 0 && namedBy(all, index) * 2 < namedBy(ofClasses, index);
  const captions = isFew ? [] : all;
  const named = captions.filter(({ table, columns }) =>
    /caption|text|sentence/i.test(`${baseName(table.path)} ${columns.text}`),
  );
  if (named.length > 0) return named;
  if (captions.length > 0) return captions;
  const readable = ofClasses.filter(({ table, columns }) => contentOf(table, columns.text).readable >= 0.5);
  return readable.length > 0 ? readable : ofClasses;
}

/** How many images tables name. */
function namedBy(read: ReadTable[], index: ImageIndex): number {
  const found = new Set<string>();
  for (const { table, columns } of read)
    for (const { cells } of table.rows)
      for (const cell of cells.get(columns.image) ?? []) found.add(index.find(cell, table.path) ?? '');
  found.delete('');
  return found.size;
}

function chooseColumns(table: Table, index: ImageIndex, { columns }: DataOptions): ReadTable | undefined {
  const isImageName = (cell: string) => index.find(cell, table.path) !== undefined;
  for (const one of [table, withOneHot(table)]) {
    const chosen = one && (hasAll(one, columns) ? columns : guessColumns(one, isImageName, [oneHotColumn]));
    if (one && chosen) return { table: one, columns: chosen };
  }
  return undefined;
}

function hasAll(table: Table, columns: Columns | undefined): columns is Columns {
  return columns !== undefined && hasColumns(table.columns, columns);
}

function missingColumns({ path, columns, rows, skipped }: Table): string {
  const [first] = skipped;
  if (rows.length === 0) return `${path} has no rows that can be read${first ? `: ${first.reason}` : ''}.`;
  const has = columns.length > 0 ? `has the columns ${listed(columns)}` : 'has no columns';
  return `${path} ${has}; it needs file_name and one of text, caption, label.`;
}

async function listTables(
  files: ImportFiles,
  index: ImageIndex,
  all: ReadTable[],
  others: Table[],
): Promise<Listing> {
  const splits = new Map(all.map((one) => [one, splitOfFile(one.table.path)]));
  const haveSplits = new Set(splits.values()).size > 1;
  // Beside tables of the splits, one of none is about something else.
  const ofSplits = haveSplits ? all.filter((one) => splits.get(one) !== undefined) : all;
  const { read, doubts } = firstFold(ofSplits);
  const [{ table, columns }] = read;
  const listing: Listing = {
    format: describe(read),
    why: `${table.path} names the images in its column ${columns.image}.`,
    kind: read.every((one) => one.columns.kind === 'classes') ? 'classes' : 'captions',
    pairings: [],
    tables: read.map(readingOf),
    skipped: read.flatMap((one) => one.table.skipped),
    doubts,
  };
  for (const one of read) {
    const before = listing.pairings.length;
    pairRows(listing, rowsOf(one), one.table.path, index);
    if (haveSplits) for (const pairing of listing.pairings.slice(before)) pairing.split ??= splits.get(one);
  }
  splitByTables(listing, others, index);
  await splitByLists(listing, files, index);
  splitByFolder(listing, files);
  skipUnnamed(listing, files.images, read.map((one) => one.table.path).join(', '));
  if (listing.kind === 'classes') nameClassNumbers(listing.pairings, columns.text);
  return listing;
}

function rowsOf({ table, columns }: ReadTable): Row[] {
  return table.rows.flatMap(({ place, cells }) => {
    const written = cells.get(columns.text) ?? [];
    const texts =
      columns.kind === 'classes' ? written.flatMap(classesIn) : written.filter((text) => !missing.test(text));
    // Open Images notes down what is not in an image, too.
    if (isDenied(cells)) return [];
    const images = cells.get(columns.image) ?? [];
    const row = { place, texts, split: splitOf(cells, columns) };
    return images.length > 0 ? images.map((image) => ({ ...row, image })) : [row];
  });
}

function splitOf(cells: ReadonlyMap<string, string[]>, { split }: Columns): string | undefined {
  if (split === undefined) return undefined;
  const [cell] = cells.get(split) ?? [];
  return cell && (splitOfCell(split, cell) ?? cell);
}

/** Whether a person looked at what a program saw in an image and said that it is not there. */
function isDenied(cells: ReadonlyMap<string, string[]>): boolean {
  return ['Confidence', 'confidence'].some((column) => /^0(\.0+)?$/.test(cells.get(column)?.[0] ?? ''));
}

/** Gives images the splits of tables that say nothing else of them, such as CelebA's `list_eval_partition.csv`. */
function splitByTables(listing: Listing, tables: Table[], index: ImageIndex): void {
  const splits = new Map<string, string | undefined>();
  for (const table of tables) {
    const columns = guessSplitColumns(table, (cell) => index.find(cell, table.path) !== undefined);
    if (!columns) continue;
    for (const { cells } of table.rows) {
      const image = index.find(cells.get(columns.image)?.[0] ?? '', table.path);
      if (image) splits.set(image, splitOfCell(columns.split, cells.get(columns.split)?.[0] ?? ''));
    }
  }
  for (const pairing of listing.pairings) pairing.split ??= splits.get(pairing.path);
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
