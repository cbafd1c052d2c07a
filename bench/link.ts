import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';
import { type BenchResult, benchResultSchema } from './result';

const PREFIX = '#result=';

/** A result as the fragment of a link: its JSON with four digits, deflated, in base64url. */
export function encodeResult(result: BenchResult): string {
  const json = JSON.stringify(result, (_, value) =>
    typeof value === 'number' ? Number(value.toPrecision(4)) : value,
  );
  const binary = String.fromCharCode(...deflateSync(strToU8(json), { level: 9 }));
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
    const json = strFromU8(inflateSync(Uint8Array.from(binary, (c) => c.charCodeAt(0))));
    return benchResultSchema.parse(JSON.parse(json));
  } catch {
    throw new Error('The link is damaged: its end is cut short or changed. Copy it again, whole.');
  }
}
