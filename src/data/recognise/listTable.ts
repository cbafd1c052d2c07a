import { baseName, stemOf } from '../paths';
import type { Table } from './table';

const looked = 100;
const numbers = /^[-+\d.\s]*$/;

/**
 * A text file with a line for each image as a table: its name, and behind a tab or blanks a class's name or number,
 * numbers, or a text; lines before the first that names an image are its heading. Undefined where not most lines are so.
 *
 * @param isImageName whether a name is that of an image that is there
 */
export function readList(
  text: string,
  path: string,
  isImageName: (name: string) => boolean,
): Table | undefined {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim());
  const first = lines.slice(0, looked).findIndex((line) => isImageName(nameIn(line)));
  if (first < 0) return undefined;
  const body = lines.slice(first);
  const sample = body.slice(0, looked).filter((line) => line !== '');
  const naming = sample.filter((line) => isImageName(nameIn(line)) && restOf(line) !== '');
  if (naming.length * 2 < sample.length) return undefined;
  const areNumbers = naming.every((line) => numbers.test(restOf(line)));
  const cellsOf = (line: string) =>
    areNumbers ? line.split(/\s+/) : [nameIn(line), restOf(line)].filter((cell) => cell !== '');
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

/** What stands before the first tab, or else the first blank; Flickr numbers the captions of an image: 'a.jpg#0'. */
function nameIn(line: string): string {
  return separated(line)[0].replace(/#\d+$/, '');
}

function restOf(line: string): string {
  return separated(line)[1];
}

function separated(line: string): [name: string, rest: string] {
  const at = line.search(line.includes('\t') ? /\t/ : /\s/);
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at).trim()];
}

/** The heading's names, which may leave out that of the images; else numbers, but of two the second's own. */
function columnsOf(heading: string, count: number, second: string): string[] {
  const names = heading.split(/\s+/).filter((name) => name !== '');
  if (names.length === count) return names;
  if (names.length === count - 1) return ['image', ...names];
  if (count === 2) return ['image', second];
  return ['image', ...Array.from({ length: count - 1 }, (_, i) => `column ${i + 2}`)];
}
