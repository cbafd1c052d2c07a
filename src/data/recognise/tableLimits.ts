import { readText } from '../text';

/** Larger tables would fill a browser's memory several times over. */
const mostBytes = 2 ** 28;
/** Signs that begin a cell, a row, or something nested: each takes far more memory than its letter. */
const mostParts = 2 ** 24;
const partSigns = new Set(Array.from(',;\t|\n\r{[', (sign) => sign.charCodeAt(0)));

/** The text of a table. Throws an Error whose message is the reason where it is too large to be read as a whole. */
export async function readTableText(file: Blob): Promise<string> {
  if (file.size > mostBytes)
    throw new Error('it is too large for a table, over 256 MB; split it, or give Parquet');
  const text = await readText(file);
  let parts = 0;
  for (let i = 0; i < text.length; i++) if (partSigns.has(text.charCodeAt(i))) parts++;
  if (parts > mostParts) throw new Error('it has over 16 million cells and rows; split it, or give Parquet');
  return text;
}

/** No text that describes an image is longer, in letters. */
export const longestCell = 2 ** 20;
