import { baseName, stemOf } from '../paths';
import type { Table } from './table';

const looked = 100;
const numbers = /^[-+\d.\s]*$/;

/** What may stand behind an image's name, the likeliest first. */
const separators = [/\t/, /\s/, /[,;|]/, /:\s/];

/**
 * A text file with a line for each image as a table: its name, and behind a tab, blanks, a comma or the like a class's
 * name or number, numbers, or a text; lines before the first that names an image are its heading. Undefined where not
 * most lines are so.
 *
 * @param isImageName whether a name is that of an image that is there
 */
export function readList(
  text: string,
  path: string,
  isImageName: (name: string) => boolean,
): Table | undefined {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim());
  for (const separator of separators) {
    const table = readSeparatedBy(separator, lines, path, isImageName);
    if (table) return table;
  }
  return undefined;
}

function readSeparatedBy(
  separator: RegExp,
  lines: readonly string[],
  path: string,
  isImageName: (name: string) => boolean,
): Table | undefined {
  const nameIn = (line: string) => separated(line, separator).name;
  const restOf = (line: string) => separated(line, separator).rest;
  const first = lines.slice(0, looked).findIndex((line) => isImageName(nameIn(line)) && restOf(line) !== '');
  if (first < 0) return undefined;
  const body = lines.slice(first);
  const sample = body.slice(0, looked).filter((line) => line !== '');
  const naming = sample.filter((line) => isImageName(nameIn(line)) && restOf(line) !== '');
  if (naming.length * 2 < sample.length) return undefined;
  const areNumbers = naming.every((line) => numbers.test(restOf(line)));
  const cellsOf = (line: string) =>
    areNumbers
      ? [nameIn(line), ...restOf(line).split(/[\s,;|]+/)]
      : [nameIn(line), restOf(line)].filter((cell) => cell !== '');
  const own = stemOf(baseName(path));
  const second = /(split|partition)$/i.test(own) ? own : areNumbers ? 'label' : 'words';
  const columns = columnsOf(lines[first - 1] ?? '', cellsOf(naming[0]).length, second);
  const table: Table = { path, columns, rows: [], skipped: [] };
  for (const [i, line] of body.entries()) {
    if (line === '') continue;
    const place = `line ${first + i + 1}`;
    const cells = cellsOf(line);
    if (cells.length === columns.length)
      table.rows.push({ place, cells: new Map(columns.map((column, c) => [column, [cells[c]]])) });
    else
      table.skipped.push({ file: path, reason: `${place} has ${cells.length} parts, not ${columns.length}` });
  }
  return table;
}

/**
 * A line's name, which Flickr numbers for each caption of an image, 'a.jpg#0', others with the language, 'a.jpg#zhm#0',
 * and what stands behind it.
 */
function separated(line: string, separator: RegExp): { name: string; rest: string } {
  const [sign] = separator.exec(line) ?? [];
  const at = sign === undefined ? line.length : line.indexOf(sign);
  return {
    name: line
      .slice(0, at)
      .trim()
      .replace(/(#[a-z]+)?#\d+$/, ''),
    rest: line.slice(at + (sign?.length ?? 0)).trim(),
  };
}

/** The heading's names, which may leave out that of the images; else numbers, but of two the second's own. */
function columnsOf(heading: string, count: number, second: string): string[] {
  const names = heading.split(/[\s,;|]+/).filter((name) => name !== '');
  if (names.length === count) return names;
  if (names.length === count - 1) return ['image', ...names];
  if (count === 2) return ['image', second];
  return ['image', ...Array.from({ length: count - 1 }, (_, i) => `column ${i + 2}`)];
}
