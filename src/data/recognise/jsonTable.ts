import { z } from 'zod';
import { baseName, isImage } from '../paths';
import { splitNamed } from '../splits/splitNames';
import { reasonOf } from '../text';
import type { Table } from './table';

const record = z.record(z.string(), z.unknown());
/** What lies deeper says nothing of an image. */
const maxDepth = 5;
/** The roles under which conversations have what a model is to say. */
const answering = /^(gpt|chatgpt|assistant|model|bot)$/i;

/** A row a line. */
export function readJsonLines(text: string, path: string): Table {
  const lines = [...text.split(/\r\n|\r|\n/).entries()].filter(([, line]) => line.trim() !== '');
  return tableOf(
    path,
    lines.map(([i, line]) => ({ place: `line ${i + 1}`, parse: () => JSON.parse(line) })),
  );
}

/**
 * Reads a JSON file as a table: a list of objects, perhaps within an object, or captions by the images' names;
 * undefined where it is neither.
 *
 * @param isImageName whether a name is that of an image that is there
 */
export function readJson(
  text: string,
  path: string,
  isImageName: (name: string) => boolean,
): Table | undefined {
  if (/^\s*\{[^\n]*\}\s*\n\s*\{/.test(text)) return readJsonLines(text, path);
  if (!/^\s*(\[\s*\{|\{)/.test(text)) return undefined;
  try {
    const json: unknown = JSON.parse(text);
    const list = Array.isArray(json) ? json : listInObject(json, isImageName);
    return (
      list &&
      tableOf(
        path,
        list.map((value, i) => ({ place: `entry ${i + 1}`, parse: () => value })),
      )
    );
  } catch (error) {
    // Settings and the like are no business of ours, a list is.
    if (/^\s*\{/.test(text)) return undefined;
    const reason = `it is not valid JSON: ${reasonOf(error)}`;
    return { path, columns: [], rows: [], skipped: [{ file: path, reason }] };
  }
}

const texts = z.union([z.string(), z.array(z.string())]);
/** Captions by image, or, as kohya's scripts have them, settings with a caption or tags by image. */
const byName = z.record(
  z.string(),
  z.union([
    texts,
    z.object({ caption: texts }).transform(({ caption }) => caption),
    z.object({ tags: texts }).transform(({ tags }) => tags),
  ]),
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

/** An entry of a split as CoOp's files have it: the image, its class's number and its name. */
const coopEntry = z
  .tuple([z.string(), z.int(), z.string()])
  .transform(([file_name, , class_name]) => ({ file_name, class_name }));

/**
 * Rows of an object that holds captions or more by the images' names, Karpathy's list, images or objects in lists by their
 * splits or classes, or else its longest list of objects.
 */
function listInObject(json: unknown, isImageName: (name: string) => boolean): unknown[] | undefined {
  const list = karpathy.safeParse(json).data?.images;
  if (list) return list;
  const isNamed = (name: string) => isImage(name) || (isImageName(name) && !/^\d{1,4}$/.test(name));
  const captions = Object.entries(byName.safeParse(json).data ?? {});
  if (captions.length > 0 && captions.every(([name]) => isNamed(name)))
    return captions.map(([file_name, text]) => ({ file_name, text }));
  const fields = record.parse(json);
  return (
    recordsByKey(fields, isNamed) ??
    byColumns(fields) ??
    listsOfNames(fields, isImageName) ??
    listsBySplit(fields) ??
    longestList(fields)
  );
}

/** The objects in an object, where its keys name images, or each has a field that does, as the VGG Image Annotator's. */
function recordsByKey(
  fields: Record<string, unknown>,
  isNamed: (name: string) => boolean,
): unknown[] | undefined {
  const { data } = z.record(z.string(), record).safeParse(fields);
  const entries = Object.entries(data ?? {});
  if (entries.length === 0) return undefined;
  if (entries.every(([key]) => isNamed(key)))
    return entries.map(([file_name, value]) => ({ file_name, ...value }));
  const names = (value: Record<string, unknown>) =>
    Object.values(value).some((field) => typeof field === 'string' && isNamed(field));
  return entries.every(([, value]) => names(value)) ? entries.map(([, value]) => value) : undefined;
}

const cells = z.array(z.union([z.string(), z.number(), z.null()]));
const looked = 20;
const split = z.object({ columns: z.array(z.string()), data: z.array(z.array(z.unknown())) });

/** The rows of a table by its columns, as pandas writes one where it isn't told otherwise, or by columns and data. */
function byColumns(fields: Record<string, unknown>): unknown[] | undefined {
  const { columns, data } = split.safeParse(fields).data ?? {};
  if (columns && data) return data.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])));
  const cells = Object.entries(z.record(z.string(), record).safeParse(fields).data ?? {});
  const [first, ...others] = cells.map(([, column]) => Object.keys(column));
  const isTable = others.length > 0 && others.every((keys) => keys.join('\n') === first.join('\n'));
  const isFlat = cells.every(([, column]) => Object.values(column).every((cell) => typeof cell !== 'object'));
  if (!isTable || !isFlat) return undefined;
  return first.map((key) => Object.fromEntries(cells.map(([name, column]) => [name, column[key]])));
}

/**
 * Lists of texts: the images of each class or split, as Food-101's `train.json` has them, or a list a column, where
 * not all name images.
 */
function listsOfNames(
  fields: Record<string, unknown>,
  isImageName: (name: string) => boolean,
): unknown[] | undefined {
  const { data = {} } = z.record(z.string(), z.unknown().pipe(cells)).safeParse(fields);
  const lists = Object.entries(data).filter(([, list]) => list.length > 0);
  const isName = (cell: unknown) => isImage(String(cell)) || isImageName(String(cell));
  const naming = lists.filter(([, list]) => list.slice(0, looked).some(isName));
  if (lists.length === 0 || naming.length === 0) return undefined;
  if (naming.length === lists.length) {
    const column = lists.every(([key]) => splitNamed(key)) ? 'split' : 'class_name';
    return lists.flatMap(([key, list]) => list.map((file_name) => ({ file_name, [column]: key })));
  }
  const [[, first]] = lists;
  const isTable = lists.every(([, list]) => list.length === first.length);
  return isTable
    ? first.map((_, i) => Object.fromEntries(lists.map(([key, list]) => [key, list[i]])))
    : undefined;
}

function listsBySplit(fields: Record<string, unknown>): unknown[] | undefined {
  const lists = Object.entries(fields).flatMap(([key, list]) => {
    const split = splitNamed(key);
    return split !== undefined && Array.isArray(list) ? [{ split, list }] : [];
  });
  const rows = lists.flatMap(({ split, list }) =>
    list.flatMap((entry) => {
      const row = coopEntry.safeParse(entry).data ?? record.safeParse(entry).data;
      return row ? [{ split, ...row }] : [];
    }),
  );
  return rows.length > 0 ? rows : undefined;
}

/** The longest list of objects; where all lists have the same fields, such as one a class, all of them. */
function longestList(fields: Record<string, unknown>): unknown[] | undefined {
  const lists = Object.entries(fields).flatMap(([key, value]) => {
    const { data } = z.array(record).min(1).safeParse(value);
    return data ? [{ key, rows: data, shape: Object.keys(data[0]).sort().join('\n') }] : [];
  });
  lists.sort((a, b) => b.rows.length - a.rows.length);
  const [longest, ...others] = lists;
  if (others.length === 0 || others.some(({ shape }) => shape !== longest.shape)) return longest?.rows;
  return lists.flatMap(({ key, rows }) => rows.map((row) => ({ category: key, ...row })));
}

function tableOf(path: string, entries: { place: string; parse: () => unknown }[]): Table {
  const table: Table = { path, columns: [], rows: [], skipped: [] };
  const columns = new Set<string>();
  for (const { place, parse } of entries) {
    try {
      const row = record.safeParse(parse()).data;
      if (!row) throw new Error('a row looks like {"file_name": …, "text": …}');
      const cells = new Map<string, string[]>();
      for (const [column, value] of Object.entries(row)) collect(column, value, cells);
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

/** Puts the texts in a value into the cell `column`, those in an object's fields into `column.field`. */
function collect(column: string, value: unknown, cells: Map<string, string[]>, depth = 0): void {
  const cell = cells.get(column) ?? [];
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    const text = String(typeof value === 'boolean' ? Number(value) : value).trim();
    cells.set(column, text === '' ? cell : [...cell, text]);
  } else if (Array.isArray(value)) {
    if (value.length === 0) cells.set(column, cell);
    // Lists of lists are coordinates.
    for (const part of value) if (!Array.isArray(part)) collect(column, part, cells, depth + 1);
  } else if (depth < maxDepth && typeof value === 'object' && value !== null) {
    collectFields(column, record.parse(value), cells, depth);
  }
}

function collectFields(
  column: string,
  fields: Record<string, unknown>,
  cells: Map<string, string[]>,
  depth: number,
): void {
  const said = saidIn(fields);
  if (said) {
    if (said.isAnswer) collect(column, said.content, cells, depth + 1);
    else collectImages(said.content, cells);
    return;
  }
  for (const [field, value] of Object.entries(fields)) collect(`${column}.${field}`, value, cells, depth + 1);
}

/** A turn of a conversation about an image, as LLaVA, OpenAI and the Cauldron have them; only an answer describes it. */
export function saidIn(fields: Record<string, unknown>): { content: unknown; isAnswer: boolean } | undefined {
  const { from, value, role, content, user, assistant } = fields;
  if (typeof user === 'string' && typeof assistant === 'string')
    return { content: assistant, isAnswer: true };
  const by = [from, role].find((name) => typeof name === 'string');
  const what = value ?? content;
  if (typeof by !== 'string' || what === undefined) return undefined;
  const parts = Array.isArray(what) ? what.map((part) => record.safeParse(part).data?.text ?? '') : what;
  return answering.test(by) ? { content: parts, isAnswer: true } : { content: what, isAnswer: false };
}

/** The images among the parts of a message, or in its text, as Qwen's `<img>a.jpg</img>`. */
function collectImages(content: unknown, cells: Map<string, string[]>): void {
  const found = Array.isArray(content)
    ? content.map((part) => {
        const { image, image_url } = record.safeParse(part).data ?? {};
        return image ?? record.safeParse(image_url).data?.url ?? image_url;
      })
    : Array.from(String(content).matchAll(/<img>(.+?)<\/img>/g), ([, path]) => path);
  for (const place of found)
    if (typeof place === 'string') cells.set('image', [...(cells.get('image') ?? []), place]);
}
