import Papa from 'papaparse';
import { z } from 'zod';
import type { Skipped } from '../dataset';
import { baseName, isImage } from '../paths';
import { reasonOf } from '../text';
import { longestCell, readTableText } from './tableLimits';

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
  return /(\.(csv|tsv|jsonl|ndjson)|(^|\/)captions\.txt)$/i.test(path);
}

/**
 * Reads a table; undefined where a JSON file is no list of objects.
 *
 * @param isImageName whether a cell names an image that is there: a first row with one is no header
 */
export async function readTable(
  file: Blob,
  path: string,
  isImageName: (cell: string) => boolean,
): Promise<Table | undefined> {
  let text: string;
  try {
    text = await readTableText(file);
  } catch (error) {
    return { path, columns: [], rows: [], skipped: [{ file: path, reason: reasonOf(error) }] };
  }
  if (/\.json$/i.test(path)) return readJsonList(text, path);
  return /\.(jsonl|ndjson)$/i.test(path) ? readJsonLines(text, path) : readSeparated(text, path, isImageName);
}

function readSeparated(text: string, path: string, isImageName: (cell: string) => boolean): Table {
  const rows = parseSeparated(text, delimiterOf(text, path));
  const first = rows[0]?.cells ?? [];
  const next = rows[1]?.cells ?? [];
  const isData = (cell: string, i: number) =>
    isImageName(cell) && (isImage(cell) || isImageName(next[i] ?? ''));
  const hasHeader = !first.some(isData);
  const columns = hasHeader ? first : first.map((_, i) => `column ${i + 1}`);
  const table: Table = { path, columns, rows: [], skipped: [] };
  for (const [i, { cells, quoteProblem }] of rows.entries()) {
    const isBlank = !quoteProblem && cells.every((cell) => cell === '');
    if (isBlank || (i === 0 && hasHeader)) continue;
    const place = `row ${i + 1}`;
    // Of two columns only the text can hold what separates them.
    const [image, ...texts] = cells;
    const isLine = !cells.some((cell) => /[\r\n]/.test(cell));
    const whole = isLine && columns.length === 2 && cells.length > 2 ? [image, texts.join(', ')] : cells;
    const problem = quoteProblem ?? misfit(whole, columns);
    if (problem) table.skipped.push({ file: path, reason: `${place}: ${problem}` });
    else table.rows.push({ place, cells: new Map(columns.map((column, c) => [column, textsIn(whole[c])])) });
  }
  return table;
}

/**
 * How often reading begins again behind a quotation mark that is never closed, and how many letters it reads again:
 * a file full of them is not worth it.
 */
const maxRestarts = 50;
const maxLettersAgain = 2 ** 27;

interface SeparatedRow {
  cells: string[];
  quoteProblem?: string;
}

/** Rows as RFC 4180 has them; a quotation mark that is never closed costs its own line alone. */
function parseSeparated(
  text: string,
  delimiter: string,
  again = { restarts: maxRestarts, letters: maxLettersAgain },
): SeparatedRow[] {
  let { data, errors } = Papa.parse<string[]>(text, { delimiter });
  // Behind tabs, quotation marks are mostly what people wrote.
  if (delimiter === '\t' && errors.some(({ type }) => type === 'Quotes'))
    ({ data, errors } = Papa.parse<string[]>(text, { delimiter, quoteChar: '\0' }));
  const problems = new Map(
    errors.map(({ type, row, message }) => [row, type === 'Quotes' ? message : undefined]),
  );
  const rows = data.map((row, i) => ({
    cells: row.map((cell) => cell.trim()),
    quoteProblem: problems.get(i)?.toLowerCase(),
  }));
  const unclosed = errors.find(({ code }) => code === 'MissingQuotes');
  const { restarts, letters } = again;
  if (unclosed?.row === undefined || restarts === 0 || letters < text.length) return rows;
  const lineEnd = text.indexOf('\n', unclosed.index);
  const rest = lineEnd < 0 ? '' : text.slice(lineEnd + 1);
  const left = { restarts: restarts - 1, letters: letters - rest.length };
  const before: SeparatedRow[] = rows.slice(0, unclosed.row + 1);
  return before.concat(rest ? parseSeparated(rest, delimiter, left) : []);
}

/** How a row doesn't fit the header; empty cells at its end don't matter. */
function misfit(cells: string[], columns: string[]): string | undefined {
  if (cells.some(({ length }) => length > longestCell)) return 'a cell in it has over a million letters';
  if (cells.length < columns.length) return `it has only ${cells.length} of ${columns.length} cells`;
  if (cells.slice(columns.length).every((cell) => cell === '')) return undefined;
  return `it has ${cells.length} cells for ${columns.length} columns; a text with commas needs quotes around it`;
}

/** A cell's text, or the texts of a JSON list in it. */
function textsIn(cell: string): string[] {
  if (!/^\["/.test(cell)) return cell === '' ? [] : [cell];
  try {
    return z.array(z.string()).parse(JSON.parse(cell));
  } catch {
    return [cell];
  }
}

/** What separates the header's names: a spreadsheet in much of Europe writes semicolons. */
function delimiterOf(text: string, path: string): string {
  if (/tsv$/i.test(path)) return '\t';
  const lines = text
    .slice(0, 2 ** 16)
    .split(/\r\n|\r|\n/)
    .slice(0, 10);
  const [header] = lines;
  if (lines.every((line) => line === '' || line.includes('\t'))) return '\t';
  const [most] = [',', ';', '\t', '|'].sort((a, b) => header.split(b).length - header.split(a).length);
  return most;
}

const jsonRow = z.record(z.string(), z.unknown());
const scalar = z.union([z.string(), z.number()]).transform(String);
/** A turn of a conversation about an image, as LLaVA's data has them; only what the model is to say describes it. */
const turn = z
  .object({ from: z.string(), value: z.string() })
  .transform(({ from, value }) => (from === 'gpt' ? value : ''));
const message = z
  .object({ role: z.string(), content: z.string() })
  .transform(({ role, content }) => (role === 'assistant' ? content : ''));
const jsonCell = z.union([
  scalar.transform((value) => [value]),
  z.array(scalar),
  z.array(turn),
  z.array(message),
]);

function readJsonLines(text: string, path: string): Table {
  const lines = text.split(/\r\n|\r|\n/).entries();
  const rows = [...lines].filter(([, line]) => line.trim() !== '');
  return tableOf(
    path,
    rows.map(([i, line]) => ({ place: `line ${i + 1}`, parse: () => JSON.parse(line) })),
  );
}

function readJsonList(text: string, path: string): Table | undefined {
  if (/^\s*\{[^\n]*\}\s*\n\s*\{/.test(text)) return readJsonLines(text, path);
  if (!/^\s*(\[\s*\{|\{)/.test(text)) return undefined;
  const isObject = /^\s*\{/.test(text);
  try {
    const list = isObject ? listInObject(JSON.parse(text)) : z.array(z.unknown()).parse(JSON.parse(text));
    if (list === undefined) return undefined;
    return tableOf(
      path,
      list.map((value, i) => ({ place: `entry ${i + 1}`, parse: () => value })),
    );
  } catch (error) {
    if (isObject) return undefined;
    const reason = `it is not valid JSON: ${reasonOf(error)}`;
    return { path, columns: [], rows: [], skipped: [{ file: path, reason }] };
  }
}

const texts = z.union([z.string(), z.array(z.string())]);
const captionsByName = z.record(
  z.string(),
  z.union([texts, z.object({ caption: texts }).transform(({ caption }) => caption)]),
);
/** As Karpathy and Fei-Fei (2015) passed COCO and Flickr on, with their splits. */
const karpathy = z.object({
  images: z.array(
    z
      .object({
        filename: z.string(),
        filepath: z.string().optional(),
        split: z.string(),
        sentences: z.array(z.object({ raw: z.string() })),
      })
      .transform(({ filename, filepath, split, sentences }) => ({
        file_name: filepath ? `${filepath}/${filename}` : filename,
        split,
        caption: sentences.map(({ raw }) => raw),
      })),
  ),
});

/** Rows of an object that holds captions by the images' names, or Karpathy's list; undefined for any other. */
function listInObject(json: unknown): unknown[] | undefined {
  const list = karpathy.safeParse(json).data?.images;
  if (list) return list;
  const byName = Object.entries(captionsByName.safeParse(json).data ?? {});
  const areNames = byName.length > 0 && byName.every(([name]) => isImage(name));
  return areNames ? byName.map(([file_name, text]) => ({ file_name, text })) : undefined;
}

function tableOf(path: string, entries: { place: string; parse: () => unknown }[]): Table {
  const table: Table = { path, columns: [], rows: [], skipped: [] };
  const columns = new Set<string>();
  for (const { place, parse } of entries) {
    try {
      const cells = cellsOf(parse());
      for (const column of cells.keys()) columns.add(column);
      table.rows.push({ place, cells });
    } catch (error) {
      table.skipped.push({
        file: path,
        reason: `${place} of ${baseName(path)} is no JSON object: ${reasonOf(error)}`,
      });
    }
  }
  return { ...table, columns: [...columns] };
}

function cellsOf(value: unknown): Map<string, string[]> {
  const row = jsonRow.safeParse(value);
  if (!row.success) throw new Error('a row looks like {"file_name": …, "text": …}');
  const cells = new Map<string, string[]>();
  for (const [column, content] of Object.entries(row.data)) {
    const cell = jsonCell.safeParse(content);
    if (cell.success)
      cells.set(
        column,
        cell.data.map((part) => part.trim()).filter((part) => part !== ''),
      );
  }
  return cells;
}
