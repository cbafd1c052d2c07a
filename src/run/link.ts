import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';
import { InputError } from '../files/folder';
import { parseRun, type Run, runFile, runSchema } from './schema';

/** Of a run in a link, deflated and not; the largest have some kilobytes. */
const MOST_PACKED = 2 ** 16;
const MOST_BYTES = 2 ** 20;

const PREFIX = '#run=';
const whole = /^#run=([^&]*)/;

/** A run as the beginning of a link's fragment: what differs from the defaults, as deflated JSON in base64url. */
export function encodeRun(run: Run): string {
  const json = JSON.stringify(difference(runFile(run), runSchema.parse({})) ?? {});
  const binary = String.fromCharCode(...deflateSync(strToU8(json), { level: 9 }));
  return PREFIX + btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/**
 * The run that a link's fragment begins with; undefined where it holds none.
 *
 * @throws InputError where it does, but is damaged
 */
export function decodeRun(fragment: string): Run | undefined {
  const packed = whole.exec(fragment)?.[1];
  return packed === undefined ? undefined : parseRun(unpack(packed), 'The link');
}

function unpack(base64url: string): unknown {
  const tooMuch = new InputError('The link holds far more than a run: it is damaged, or not meant well.');
  if (base64url.length > MOST_PACKED) throw tooMuch;
  try {
    const binary = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
    // What is over is not kept: 64 kB can't unpack to more than DEFLATE's 64 MB, which takes no time.
    const out = new Uint8Array(MOST_BYTES);
    const bytes = inflateSync(
      Uint8Array.from(binary, (c) => c.charCodeAt(0)),
      { out },
    );
    if (bytes.length === MOST_BYTES) throw tooMuch;
    return JSON.parse(strFromU8(bytes));
  } catch (error) {
    if (error === tooMuch) throw error;
    throw new InputError(
      'The link is damaged: the part after #run= is cut short or changed. Copy it again, whole.',
    );
  }
}

/** What of `value` differs from `base`, object by object; undefined where nothing does. */
function difference(value: unknown, base: unknown): unknown {
  if (!isRecord(value) || !isRecord(base))
    return JSON.stringify(value) === JSON.stringify(base) ? undefined : value;
  const entries = Object.entries(value)
    .map(([key, part]) => [key, difference(part, base[key])] as const)
    .filter(([, part]) => part !== undefined);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
