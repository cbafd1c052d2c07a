import type { Table } from './table';

const sampleRows = 200;

/** What a column's cells say of themselves. */
export interface ColumnContent {
  /** Share (0..1) of the cells that people read: no numbers, addresses, names of files, codes or dates. */
  readable: number;
  /** Words in a cell, on average. */
  words: number;
  /** Few values that come again and again, as classes do. */
  isRepeated: boolean;
}

/** Cells that say nothing to a reader. */
const unreadable = [
  /^[-+\d.,:/\s%eE]+$/,
  /^(https?|s3|gs|file):\/\//i,
  /^\S*\.(jpe?g|png|webp|gif|bmp|tiff?|json|txt|xml)$/i,
  /^(?=\S*\d)[\w-]*[_\d-][\w-]*([;|,]\s*(?=\S*\d)[\w-]+)*$/,
  /^\d{4}-\d\d-\d\dT?/,
];

export function sample(table: Table, column: string): string[] {
  return table.rows.slice(0, sampleRows).flatMap(({ cells }) => cells.get(column) ?? []);
}

export function contentOf(table: Table, column: string): ColumnContent {
  const cells = sample(table, column);
  const readable = cells.filter((cell) => /\p{L}/u.test(cell) && !unreadable.some((one) => one.test(cell)));
  const words = cells.reduce((sum, cell) => sum + cell.split(/\s+/).length, 0) / Math.max(1, cells.length);
  const distinct = new Set(cells).size;
  return {
    readable: readable.length / Math.max(1, cells.length),
    words,
    isRepeated: distinct > 1 && distinct * 2 <= cells.length && words <= 4,
  };
}
