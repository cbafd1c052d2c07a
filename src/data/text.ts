const utf8 = new TextDecoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });
const windows1252 = new TextDecoder('windows-1252');

/**
 * The text in these bytes: UTF-8 or UTF-16 by their byte order mark or, for UTF-16, by the zeros in its first letter;
 * else UTF-8, else Windows-1252, which older spreadsheets write. A byte order mark is no part of the text.
 */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first > 0 && second === 0))
    return new TextDecoder('utf-16le').decode(bytes);
  if ((first === 0xfe && second === 0xff) || (first === 0 && second > 0))
    return new TextDecoder('utf-16be').decode(bytes);
  try {
    return strictUtf8.decode(bytes);
  } catch {
    // A few damaged bytes in UTF-8 don't make it another encoding.
    const text = utf8.decode(bytes);
    return count(text, /[^\0-\x7f\ufffd]/g) > count(text, /\ufffd/g) ? text : windows1252.decode(bytes);
  }
}

function count(text: string, pattern: RegExp): number {
  let times = 0;
  while (pattern.test(text)) times++;
  return times;
}

export async function readText(file: Blob): Promise<string> {
  return decodeText(new Uint8Array(await file.arrayBuffer()));
}

/** Whether decoded bytes are a text: few are control characters or no characters at all, where a picture has many. */
export const isText = (content: string): boolean =>
  count(content, /[^\P{Cc}\t\n\r]|\ufffd/gu) < Math.max(20, content.length / 20);

const mostLetters = 80;
const mostNames = 20;

/** A text as a sentence quotes it: of a long one the beginning. */
export function excerpt(text: string): string {
  return text.length > mostLetters ? `${text.slice(0, mostLetters)}…` : text;
}

/** Names in a sentence: of many the first. */
export function listed(names: string[]): string {
  const more = names.length - mostNames;
  const first = names.slice(0, mostNames).map(excerpt).join(', ');
  return more > 0 ? `${first} and ${more} more` : first;
}

/** What an error says, for a reason shown to the user; without the full stop at its end. */
export function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'it is not valid JSON';
  if (error instanceof DOMException) return 'its file was changed, moved or removed since it was given';
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
