import Papa from 'papaparse';
import { z } from 'zod';
import { isImage } from '../paths';
import { reasonOf } from '../text';
import { readJson, readJsonLines } from './jsonTable';
import { readList } from './listTable';
import { isTable, type Table } from './table';
import { longestCell, readTableText } from './tableLimits';

/**
 * Reads a table; undefined where a JSON file is no list of objects, or a text file has no line for each image.
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
  if (/\.json$/i.test(path)) return readJson(text, path, isImageName);
  if (/\.(txt|lst|list)$/i.test(path) && !isTable(path)) return readList(text, path, isImageName);
  return /\.(jsonl|ndjson|manifest)$/i.test(path)
    ? readJsonLines(text, path)
    : readSeparated(text, path, isImageName);
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

const jsonTexts = z.union([z.array(z.string()), z.record(z.string(), z.string()).transform(Object.values)]);

/** A cell's text, or the texts of a JSON list or object in it. */
function textsIn(cell: string): string[] {
  if (!/^(\["|\{["}])/.test(cell)) return cell === '' ? [] : [cell];
  try {
    return jsonTexts.parse(JSON.parse(cell));
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
