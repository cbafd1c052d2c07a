import { contentOf, isReadable } from './columnContent';
import type { Table } from './table';

/** What the column of the classes is called. */
export const oneHotColumn = 'classes by columns of 0 and 1';

/**
 * The table with a further column of the names of those columns that hold 1 of 0 and 1, as competitions and CelebA have
 * their classes; undefined where it has no two such columns.
 */
export function withOneHot(table: Table): Table | undefined {
  const flags = table.columns.filter((name) => isReadable(name) && contentOf(table, name).isFlag);
  if (flags.length < 2) return undefined;
  const rows = table.rows.map(({ place, cells }) => ({
    place,
    cells: new Map(cells).set(
      oneHotColumn,
      flags.filter((name) => Number(cells.get(name)?.[0]) > 0),
    ),
  }));
  return { ...table, columns: [...table.columns, oneHotColumn], rows };
}
