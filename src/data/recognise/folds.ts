import type { Columns } from '../options';
import { foldersOf, stemOf } from '../paths';
import { splitOfFile } from '../splits/splitNames';
import type { Listing } from './source';
import type { Table } from './table';

/** The last number in a path: the fold of `fold_2/train.csv` or `train2.csv`; 0 where there is none. */
function foldOf(path: string): number {
  return Number(/\d+(?=\D*$)/.exec(stemOf(path))?.[0] ?? 0);
}

/** What is to be said where the first of so many folds was taken. */
export function firstOf(folds: number, path: string): string {
  return `Of ${folds} splits of the same images the first counts, that of ${path}.`;
}

/** Of tables of several folds, which have the same images in other splits, those of the first. */
export function firstFold<T extends { table: Table; columns: Columns }>(
  read: T[],
): { read: T[]; doubts: string[] } {
  const folds = new Set(read.map(({ table }) => foldOf(table.path)));
  const least = Math.min(...folds);
  const first = read.filter(({ table }) => foldOf(table.path) === least);
  const imagesOf = ({ table, columns }: T) =>
    table.rows.flatMap(({ cells }) => cells.get(columns.image) ?? []);
  const splits = new Map(
    first.flatMap((one) => imagesOf(one).map((image) => [image, splitOfFile(one.table.path)] as const)),
  );
  const areFolds = read.some((one) =>
    imagesOf(one).some((image) => splits.has(image) && splits.get(image) !== splitOfFile(one.table.path)),
  );
  const isChoice = areFolds && first.length < read.length;
  return isChoice
    ? { read: first, doubts: [firstOf(folds.size, first[0].table.path)] }
    : { read, doubts: [] };
}

const foldColumn = /^(cv|k)?[ _-]?folds?[ _-]?\d*$/i;
const foldFolder = /^(cv|k)?[ _-]?fold[ _-]?\d+$/i;

/** By what data has its folds, folders or a column, where none of them is held out. */
export function foldsOf({ pairings, tables = [] }: Listing): string | undefined {
  if (pairings.some(({ split }) => split !== undefined)) return undefined;
  const column = tables.flatMap(({ columns }) => columns).find((name) => foldColumn.test(name));
  if (column) return `column ${column}`;
  const folders = new Set(
    pairings.flatMap(({ path }) => foldersOf(path).filter((name) => foldFolder.test(name))),
  );
  const [first] = folders;
  return folders.size > 1 ? `${folders.size} folders such as ${first}` : undefined;
}
