/** What the built page holds its contents in, by the ids of its elements. */
export type PageContents = Partial<Record<'student' | 'pictures', Uint8Array<ArrayBuffer>>>;

/** The page with these contents in it as base64, in parts: all of it may be longer than a text can be. */
export function fillTemplate(template: string, contents: PageContents): string[] {
  const parts: string[] = [];
  let rest = template;
  for (const [id, bytes] of Object.entries(contents)) {
    const place = `id="${id}">`;
    const at = rest.indexOf(place) + place.length;
    parts.push(rest.slice(0, at), ...base64(bytes));
    rest = rest.slice(at);
  }
  return [...parts, rest];
}

/** Bytes turned into text at a time, a multiple of 3. */
const PIECE = 3 * 2 ** 13;

function base64(bytes: Uint8Array): string[] {
  const parts: string[] = [];
  for (let from = 0; from < bytes.length; from += PIECE)
    parts.push(btoa(String.fromCharCode(...bytes.subarray(from, from + PIECE))));
  return parts;
}
