import type { Skipped } from '../dataset';

interface TableRow {
  /** 'row 5' or 'line 5', counted as an editor does, the header being row 1. */
  place: string;
  /** The texts in each cell, without blanks around them; a list of a JSONL row has several. */
  cells: Map<string, string[]>;
}

/** A CSV, TSV, JSONL or JSON file. */
export interface Table {
  path: string;
  columns: string[];
  rows: TableRow[];
  /** Rows that can't be understood. */
  skipped: Skipped[];
}

/** By its name a table; `captions.txt` is one as Flickr8k is passed on today. */
export function isTable(path: string): boolean {
  return /(\.(csv|tsv|jsonl|ndjson|manifest)|(^|\/)captions\.txt)$/i.test(path);
}
