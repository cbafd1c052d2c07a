import type { Table } from './table';

const sampleRows = 200;
/** Of so few short values one that comes again is enough to make them classes. */
const fewValues = 20;

/** What a column's cells say of themselves. */
export interface ColumnContent {
  /** Share (0..1) of the cells that people read: no numbers, addresses, names of files, codes or dates. */
  readable: number;
  /** Words in a cell, on average. */
  words: number;
  /** Few values that come again and again, as classes do. */
  isRepeated: boolean;
  /** Few small numbers that come again and again. */
  isClassNumber: boolean;
  /** Nothing but 0 and 1, or -1 and 1. */
  isFlag: boolean;
  /** Of these -1 and 1, which say whether an image shows what the file is about. */
  isSigned: boolean;
}

/** What separates the classes in a cell that has several. */
const classSeparator = /\s*[|;]\s*/;
/** Cells that say nothing to a reader. */
const unreadable = [
  /^([-+\d.,:/\s%eE]+|true|false)$/i,
  // Codes with numbers behind them, as boxes are written.
  /^\S*\d\S*(\s+-?[\d.]+)+$/,
  /^(https?|s3|gs|file):\/\//i,
  /\.(jpe?g|png|webp|gif|bmp|tiff?|json|txt|xml)$/i,
  /^(?=\S*\d)[\w-]*[_\d-][\w-]*([;|,]\s*(?=\S*\d)[\w-]+)*$/,
  /^\d{4}-\d\d-\d\dT?/,
];

export function sample(table: Table, column: string): string[] {
  return table.rows.slice(0, sampleRows).flatMap(({ cells }) => cells.get(column) ?? []);
}

/** Whether a cell is 0 or 1, as programs write them, or -1. */
export function isFlag(cell: string): boolean {
  return /^(-1|[01](\.0+)?|true|false)$/i.test(cell);
}

/** Whether such a cell is 1. */
export function isSet(cell: string): boolean {
  return /^(1(\.0+)?|true)$/i.test(cell);
}

/** Whether a text says something to a reader: it is no number, address, code, date or name of a file. */
export function isReadable(text: string): boolean {
  return /\p{L}/u.test(text) && !unreadable.some((one) => one.test(text));
}

/** The classes in a cell: 'Edema|Mass' has two. */
export function classesIn(cell: string): string[] {
  return cell.split(classSeparator).filter((name) => name !== '');
}

export function contentOf(table: Table, column: string): ColumnContent {
  const cells = sample(table, column);
  const readable = cells.filter(isReadable);
  const words = cells.reduce((sum, cell) => sum + cell.split(/\s+/).length, 0) / Math.max(1, cells.length);
  const values = cells.flatMap(classesIn);
  const distinct = new Set(values).size;
  const least = values.length < fewValues && words <= 2 ? distinct + 1 : distinct * 2;
  const comesAgain = distinct > 1 && least <= values.length;
  const areFlags = cells.length > 0 && cells.every(isFlag);
  return {
    readable: readable.length / Math.max(1, cells.length),
    words,
    isRepeated: comesAgain && words <= 4 && !areFlags,
    isFlag: areFlags,
    isSigned: areFlags && cells.includes('-1'),
    isClassNumber: comesAgain && (areFlags || cells.every((cell) => /^\d{1,6}(\.0+)?$/.test(cell))),
  };
}
