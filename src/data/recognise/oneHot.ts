import { contentOf, isReadable, isSet } from './columnContent';
import { isClassColumn } from './columns';
import { nameOfFlag } from './labels';
import type { Table } from './table';

/** What the column of the classes is called. */
export const oneHotColumn = 'classes by columns of 0 and 1';

/** The columns that hold nothing but 0 and 1 and by whose names one sees what they say. */
export function flagColumns(table: Table): string[] {
  return table.columns.filter(
    (name) => isReadable(name) && !isClassColumn(name) && contentOf(table, name).isFlag,
  );
}

/** What a row is by those of such columns that hold 1. */
export function classesByFlags(flags: string[], cellsOf: (column: string) => string[]): string[] {
  return flags.filter((name) => cellsOf(name).some(isSet)).map(nameOfFlag);
}

/**
 * The table with a further column of the names of those columns that hold 1 of 0 and 1, as competitions and CelebA have
 * their classes; undefined where it has no two such columns.
 */
export function withOneHot(table: Table): Table | undefined {
  const flags = flagColumns(table);
  if (flags.length < 2) return undefined;
  const rows = table.rows.map(({ place, cells }) => ({
    place,
    cells: new Map(cells).set(
      oneHotColumn,
      classesByFlags(flags, (name) => cells.get(name) ?? []),
    ),
  }));
  return { ...table, columns: [...table.columns, oneHotColumn], rows };
}
