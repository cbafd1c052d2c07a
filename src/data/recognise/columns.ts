import { InputError } from '../../files/folder';
import type { Columns } from '../options';
import { splitFlagged, splitNamed, splitNumbered } from '../splits/splitNames';
import { listed } from '../text';
import { contentOf, sample } from './columnContent';
import type { Table } from './table';

// Names in use, the clearest first.
const imageNames =
  'file_name filename file_names file image image_name image_path img path image_file filepath filepaths images photo picture'.split(
    ' ',
  );
const captionNames =
  'text texts caption captions raw sentence sentences description title alt_text prompt image_caption answer response suffix output comment conversations messages'.split(
    ' ',
  );
const classNames =
  'label_name class_name class_label label_text label labels class category breed species target choice choices class_id klasse kategorie'.split(
    ' ',
  );

/**
 * Guesses the columns, by their names and by what is in them: the image column names images that are there, the
 * caption column without a known name holds the longest texts. Undefined where there is no pair of columns.
 *
 * @param labels columns that are known to hold classes
 */
export function guessColumns(
  table: Table,
  isImageName: (cell: string) => boolean,
  labels: string[] = [],
): Columns | undefined {
  const image = imageColumn(table, isImageName);
  return image === undefined ? undefined : guessTextColumns(table, image, labels);
}

/** Whether a column is called as captions are. */
export function isCaptionColumn(column: string): boolean {
  return named([column], captionNames) !== undefined;
}

/** Whether a column is called as classes are. */
export function isClassColumn(column: string): boolean {
  return named([column], classNames) !== undefined;
}

/** Those of these columns that are called as captions are, the clearest first. */
export function captionColumns(columns: string[]): string[] {
  const first = named(columns, captionNames);
  return first === undefined ? [] : [first, ...captionColumns(columns.filter((column) => column !== first))];
}

/** The column that is called as images are, else the first. */
export function guessImageColumn(columns: string[]): string {
  return named(columns, imageNames) ?? columns[0];
}

/**
 * Guesses the columns beside that of the images.
 *
 * @param labels columns that are known to hold classes
 */
export function guessTextColumns(table: Table, image: string, labels: string[] = []): Columns | undefined {
  const others = table.columns.filter((column) => column !== image);
  const split = splitColumn(table, others);
  const contents = new Map(others.map((column) => [column, contentOf(table, column)]));
  const candidates = others.filter(
    (column) => column !== split && hasText(table, column) && !contents.get(column)?.isSigned,
  );
  const isReadable = (column: string) => (contents.get(column)?.readable ?? 0) >= 0.5;
  const captions = named(candidates.filter(isReadable), captionNames);
  if (captions !== undefined && !labels.includes(captions))
    return { image, text: captions, kind: 'captions', split };
  const classes = named(candidates, classNames) ?? candidates.find((column) => labels.includes(column));
  if (classes !== undefined) return { image, text: classes, kind: 'classes', split };
  const text = longest(
    table,
    candidates.filter((column) => isReadable(column) && !contents.get(column)?.isRepeated),
  );
  const repeated = candidates.find((column) => isReadable(column) && contents.get(column)?.isRepeated);
  if (repeated !== undefined && (text === undefined || (contents.get(text)?.words ?? 0) < 3))
    return { image, text: repeated, kind: 'classes', split };
  if (text !== undefined) return { image, text, kind: 'captions', split };
  const numbers = candidates.filter((column) => contents.get(column)?.isClassNumber);
  const flags = candidates.filter((column) => contents.get(column)?.isFlag);
  return numbers.length === 1 && flags.length < 2
    ? { image, text: numbers[0], kind: 'classes', split }
    : undefined;
}

/** The split that a cell of a column of splits means. */
export function splitOfCell(column: string, cell: string): string | undefined {
  const isNumbered = /(split|partition)$/i.test(column);
  return splitFlagged(column, cell) ?? (isNumbered ? splitNumbered : splitNamed)(cell);
}

/** The column that says which split a row is in: by its name or another's, but always by what it holds. */
function splitColumn(table: Table, columns: string[]): string | undefined {
  const areSplits = (column: string) => {
    const cells = sample(table, column);
    return cells.length > 0 && cells.every((cell) => splitOfCell(column, cell) !== undefined);
  };
  return columns.find(areSplits) ?? named(columns, ['split']);
}

/** The columns of a table that names images and says nothing but their splits. */
export function guessSplitColumns(
  table: Table,
  isImageName: (cell: string) => boolean,
): { image: string; split: string } | undefined {
  const image = imageColumn(table, isImageName);
  const others = table.columns.filter((column) => column !== image);
  const split = splitColumn(table, others);
  return image !== undefined && split !== undefined && others.length === 1 ? { image, split } : undefined;
}

/** Whether a table has all the columns that a person chose. */
export function hasColumns(columns: string[], { image, text, split }: Columns): boolean {
  return [image, text, split].every((column) => column === undefined || columns.includes(column));
}

/** What is wrong with a choice of columns that none of these tables has. */
export function unknownColumns(tables: { path: string; columns: string[] }[], chosen: Columns): InputError {
  const [{ path, columns }] = tables;
  const wanted = [chosen.image, chosen.text, chosen.split].filter((column) => column !== undefined);
  const missing = wanted.find((column) => !columns.includes(column));
  return new InputError(`${path} has no column “${missing}”; it has ${listed(columns)}.`);
}

function imageColumn(table: Table, isImageName: (cell: string) => boolean): string | undefined {
  const byName = named(table.columns, imageNames);
  const shares = table.columns.map((column) => {
    const cells = sample(table, column);
    return { column, share: cells.filter(isImageName).length / Math.max(1, cells.length) };
  });
  const best = shares.reduce((a, b) => (b.share > a.share ? b : a), { column: byName, share: 0 });
  const nameShare = shares.find(({ column }) => column === byName)?.share ?? 0;
  return nameShare === best.share ? byName : best.column;
}

/**
 * The column with the first of these names, whatever its case and punctuation, or else with it at its end, 'data.image',
 * or of those in several languages the English one, 'caption_en'.
 */
function named(columns: string[], names: string[]): string | undefined {
  const normal = (column: string) => column.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
  const find = (nameOf: (column: string) => string) => {
    const byName = new Map(columns.toReversed().map((column) => [normal(nameOf(column)), column]));
    const name = names.find((one) => byName.has(normal(one)));
    return name === undefined ? undefined : byName.get(normal(name));
  };
  return (
    find((column) => column) ??
    find((column) => column.slice(column.lastIndexOf('.') + 1)) ??
    find((column) => column.replace(/[_ -]en(g|glish)?$/i, ''))
  );
}

function hasText(table: Table, column: string): boolean {
  return table.rows.some(({ cells }) => (cells.get(column) ?? []).length > 0);
}

function longest(table: Table, columns: string[]): string | undefined {
  const lengths = columns.map((column) => {
    const cells = sample(table, column);
    const isText = cells.some((cell) => /\p{L}/u.test(cell));
    return { column, length: isText ? cells.join('').length : 0 };
  });
  const best = lengths.reduce((a, b) => (b.length > a.length ? b : a), { column: '', length: 0 });
  return best.length > 0 ? best.column : undefined;
}
