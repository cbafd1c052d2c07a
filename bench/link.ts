import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';
import { type BenchResult, benchResultSchema } from './result';

const PREFIX = '#result=';

/** A result takes some kilobytes; what a link unpacks to beyond this is cut off. */
const MOST_BYTES = 2 ** 20;

/** A result's JSON, its numbers with four digits. */
export function resultJson(result: BenchResult, indent = 2): string {
  const rounded = (_: string, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(4)) : value;
  return JSON.stringify(result, rounded, indent);
}

/** A result as the fragment of a link: its JSON, deflated, in base64url. */
export function encodeResult(result: BenchResult): string {
  const binary = String.fromCharCode(...deflateSync(strToU8(resultJson(result, 0)), { level: 9 }));
  return PREFIX + btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/**
 * The result in a link's fragment; undefined where it holds none.
 *
 * @throws Error where it does, but is damaged
 */
export function decodeResult(fragment: string): BenchResult | undefined {
  if (!fragment.startsWith(PREFIX)) return undefined;
  try {
    const binary = atob(fragment.slice(PREFIX.length).replaceAll('-', '+').replaceAll('_', '/'));
    const packed = Uint8Array.from(binary, (c) => c.charCodeAt(0));
    const json = strFromU8(inflateSync(packed, { out: new Uint8Array(MOST_BYTES) }));
    return benchResultSchema.parse(JSON.parse(json));
  } catch {
    throw new Error('The link is damaged: its end is cut short or changed. Copy it again, whole.');
  }
}

/**
 * The result that somebody has pasted, as a link or as JSON.
 *
 * @throws Error that says in a sentence what it is instead
 */
export function readResult(pasted: string): BenchResult {
  const text = pasted.trim();
  const linked = text.includes(PREFIX) && decodeResult(text.slice(text.indexOf(PREFIX)));
  if (linked) return linked;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error(
      'This is neither a card’s link nor its JSON: copy one of them on the other’s page, whole.',
    );
  }
  const { data, error } = benchResultSchema.safeParse(json);
  if (data) return data;
  const [{ path }] = error.issues;
  const where = path.length > 0 ? `at ${path.join('.')}` : 'at its beginning';
  throw new Error(`This JSON is no card of this bench: ${where} it has something else than a card has.`);
}
