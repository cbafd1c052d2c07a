import { isCaptionColumn } from './columns';
import type { Table } from './table';

/**
 * Columns by the name that they are read under: `caption_0` to `caption_4`, as Flickr8k on the hub has them, or `text`
 * and `text2` are one, with several captions an image.
 */
export function joinNumbered(columns: readonly string[]): Map<string, string[]> {
  const joined = new Map<string, string[]>();
  for (const column of columns) {
    const stem = column.replace(/[\s_-]?\d+$/, '');
    const name = isCaptionColumn(stem) ? stem : column;
    joined.set(name, [...(joined.get(name) ?? []), column]);
  }
  return new Map([...joined].map(([name, parts]) => [parts.length > 1 ? name : parts[0], parts]));
}

/** The table with numbered columns of captions as one. */
export function withJoinedColumns(table: Table): Table {
  const joined = joinNumbered(table.columns);
  if (joined.size === table.columns.length) return table;
  const rows = table.rows.map(({ place, cells }) => ({
    place,
    cells: new Map(
      [...joined].map(([name, parts]) => [name, parts.flatMap((part) => cells.get(part) ?? [])]),
    ),
  }));
  return { ...table, columns: [...joined.keys()], rows };
}
