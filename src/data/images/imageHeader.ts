import { imageSize } from 'image-size';
import { decodeText, readText } from '../text';
import { svgCost } from './svgCost';

/** Larger ones would take hundreds of megabytes each, and no tower sees the difference. */
export const maxPixels = 100e6;
const maxFileBytes = 2 ** 29;
const maxSvgBytes = 10 * 2 ** 20;
/** A drawing has no detail that more would show, and every filter in it goes over all of them. */
const maxSvgPixels = 25e6;
/** Of one that has no size of its own. */
const defaultSvgPixels = 512 ** 2;
/** Where the size stands in nearly all files; metadata may push it further back. */
const startBytes = 2 ** 16;
const furtherBytes = 2 ** 22;

/**
 * Refuses an image before it is decoded: by the size that its first bytes tell, or for what else would take more memory
 * or time than it is worth. Throws an Error whose message is the reason. What is no image passes, for the decoder to say so.
 *
 * @param read its first bytes, where they were read already
 * @returns its pixels; undefined where they can't be told
 */
export async function checkHeader(file: Blob, read?: Uint8Array): Promise<number | undefined> {
  if (file.size === 0) throw new Error('the file is empty');
  if (file.size > maxFileBytes) throw new Error('it is too large for an image, over 512 MB');
  const start = read ?? (await startOf(file));
  if (start[0] === 0x1f && start[1] === 0x8b) throw new Error('it is packed with gzip; unpack it');
  if (isTiff(start)) throw new Error('it is TIFF, which browsers do not read; save it as PNG');
  const isSvg = /^\s*</.test(decodeText(start.subarray(0, 100)));
  if (isSvg && file.size > maxSvgBytes)
    throw new Error('it is too large for a drawing, over 10 MB; save it as PNG');
  const size = sizeIn(start) ?? (await sizeFurtherBack(file));
  if (isSvg) await checkSvg(file, size ? Math.min(size.width * size.height, maxSvgPixels) : defaultSvgPixels);
  if (!size) return undefined;
  const { width, height } = size;
  const most = isSvg ? maxSvgPixels : maxPixels;
  if (width * height > most) {
    const sides = `${width.toLocaleString('en')} × ${height.toLocaleString('en')}`;
    throw new Error(`it is too large: ${sides} pixels, at most ${most / 1e6} megapixels; scale it down`);
  }
  return width * height;
}

/** How many elements a drawing draws, about, that `checkHeader` lets pass. */
export async function svgElements(file: Blob): Promise<number> {
  return svgCost(await readText(file), 0);
}

/** The bytes that `checkHeader` looks at first. */
export async function startOf(file: Blob): Promise<Uint8Array> {
  return new Uint8Array(await file.slice(0, startBytes).arrayBuffer());
}

function isTiff([a, b, c, d]: Uint8Array): boolean {
  return (
    (a === 0x49 && b === 0x49 && c === 42 && d === 0) || (a === 0x4d && b === 0x4d && c === 0 && d === 42)
  );
}

function sizeIn(bytes: Uint8Array) {
  try {
    return imageSize(bytes);
  } catch {
    return undefined;
  }
}

async function sizeFurtherBack(file: Blob) {
  if (file.size <= startBytes) return undefined;
  return sizeIn(new Uint8Array(await file.slice(0, furtherBytes).arrayBuffer()));
}

/**
 * Entities that hold others, elements, references, or much, or come from elsewhere: a few lines of them can grow to
 * gigabytes, or hide what is drawn.
 */
const harmfulEntity =
  /<!ENTITY\s+(%\s+)?\S+\s+(SYSTEM|PUBLIC|"[^"]*[&%<#(]|'[^']*[&%<#(]|"[^"]{200}|'[^']{200})/;

async function checkSvg(file: Blob, pixels: number): Promise<void> {
  const text = await readText(file);
  if (harmfulEntity.test(text))
    throw new Error(
      'it declares XML entities that grow or come from outside; save it as plain SVG or as PNG',
    );
  svgCost(text, pixels);
}
