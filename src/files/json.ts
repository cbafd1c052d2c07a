import { z } from 'zod';
import { InputError } from './folder';

/** Of a key that nobody knows, no more is shown. */
const LONGEST_KEY = 100;

/** No JavaScript text is longer. */
const LONGEST_TEXT = 2 ** 29 - 24;

/**
 * The contents of a JSON file. Throws InputError, beginning with `path`, where it is not JSON, or has more than `most`
 * bytes; then nothing of it is read.
 */
export async function readJson(file: Blob, path: string, most = LONGEST_TEXT): Promise<unknown> {
  if (file.size > most)
    throw new InputError(
      `${path} has ${Math.round(file.size / 1e6).toLocaleString('en-GB')} MB, far more than such a file needs; at most ${Math.floor(most / 1e6)} MB are read.`,
    );
  const text = await file.text();
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason =
      text.trim() === '' ? 'the file is empty' : error instanceof Error ? error.message : String(error);
    throw new InputError(`${path} is not valid JSON: ${reason}.`);
  }
}

/** A JSON file of a value. */
export function encodeJson(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}

/**
 * A value checked against its schema, defaults filled in.
 * Throws InputError: where (`where` and the key's path), what is wrong, and what is allowed there.
 */
export function parseJson<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  where: string,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new InputError(`${where}: ${describe(issue, schema, [])}.`);
}

function describe(issue: z.core.$ZodIssue, schema: z.core.$ZodType, parents: PropertyKey[]): string {
  const path = [...parents, ...issue.path];
  const at = path.length > 0 ? `${path.map(String).join('.')}: ` : '';
  if (issue.code === 'unrecognized_keys') {
    const name = [...path, issue.keys[0].slice(0, LONGEST_KEY)].map(String).join('.');
    return `${name} is not a known key; allowed here: ${keysAt(schema, issue.path).join(', ')}`;
  }
  if (issue.code === 'invalid_union') {
    // The alternative that got furthest is the one that was meant.
    const furthest = issue.errors.flat().toSorted((a, b) => b.path.length - a.path.length)[0];
    if (furthest?.path.length) return describe(furthest, schemaAt(schema, issue.path), path);
    return at + issue.errors.flat().map(wording).join(', or ');
  }
  return at + wording(issue);
}

function wording(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_big' && issue.inclusive) {
    const most = issue.maximum.toLocaleString('en-GB');
    if (issue.origin === 'string') return `a text of at most ${most} letters is allowed`;
    return issue.origin === 'array' ? `at most ${most} entries are allowed` : `at most ${most} is allowed`;
  }
  return issue.message.replace(/^Invalid (input|option): /, '');
}

function keysAt(schema: z.core.$ZodType, path: PropertyKey[]): string[] {
  const found = schemaAt(schema, path);
  const objects = found instanceof z.ZodUnion ? found.options.map(unwrap) : [found];
  return objects.flatMap((object) => (object instanceof z.ZodObject ? Object.keys(object.shape) : []));
}

function schemaAt(schema: z.core.$ZodType, path: PropertyKey[]): z.core.$ZodType {
  let at = unwrap(schema);
  for (const key of path) {
    if (at instanceof z.ZodObject) at = unwrap(at.shape[String(key)]);
  }
  return at;
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const isWrapper =
    schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional;
  return isWrapper ? unwrap(schema.unwrap()) : schema;
}
