import { inflateSync } from 'fflate';
import { InputError } from '../files/folder';
import { type Archive, type ArchiveEntry, addEntry, readBytes } from './archive';
import { decodeText } from './text';

/** The end record is 22 bytes and a comment of at most 65,535, behind it nothing. */
const maxTail = 22 + 0xffff;
/** Larger ones would have to be unpacked in memory; images, texts and their tables are far smaller. */
const maxInflatedBytes = 2 ** 30;
/** DEFLATE can't do better than this: who claims more lies, to make us allocate it. */
const maxRatio = 1032;

interface ZipEntry {
  path: string;
  isEncrypted: boolean;
  isLink: boolean;
  method: number;
  compressedSize: number;
  size: number;
  headerOffset: number;
}

/**
 * The files in a zip (PKWARE APPNOTE 6.3, with zip64). Only its directory is read; entries are slices of `file`,
 * inflated when they are opened. Throws InputError, beginning with `name`, where it is not a whole zip.
 */
export async function openZip(file: Blob, name: string): Promise<Archive> {
  const directory = await readDirectory(file, name);
  const archive: Archive = { entries: new Map(), skipped: [] };
  for (const entry of directory) addEntry(archive, entry.path, opener(file, entry), refusal(entry));
  return archive;
}

function refusal(entry: ZipEntry): string | undefined {
  if (entry.isEncrypted) return 'it is encrypted; unpack it with its password and give the files';
  if (entry.isLink) return 'it is a link, not a file';
  if (entry.method === 0) return undefined;
  if (entry.method !== 8)
    return `its compression (method ${entry.method}) is not known; use plain zip (deflate)`;
  if (entry.size > maxInflatedBytes) return 'it is over 1 GB when unpacked; unpack it and give the folder';
  if (entry.size > entry.compressedSize * maxRatio)
    return 'the size that the archive claims for it is impossible';
  return undefined;
}

function opener(file: Blob, entry: ZipEntry): ArchiveEntry {
  return async () => {
    const header = await readBytes(file, entry.headerOffset, 30);
    if (header.getUint32(0, true) !== 0x04034b50)
      throw new Error('the archive is damaged where it should lie');
    const start = entry.headerOffset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
    const packed = file.slice(start, start + entry.compressedSize);
    if (packed.size < entry.compressedSize) throw new Error('the archive ends in the middle of it');
    if (entry.method === 0) return packed;
    const data = inflate(new Uint8Array(await packed.arrayBuffer()), entry.size);
    return new Blob([data]);
  };
}

/** Inflates into exactly `size` bytes, so that a bomb can't take more than the archive admitted. */
function inflate(packed: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(size);
  let written: number;
  try {
    written = inflateSync(packed, { out }).length;
  } catch {
    throw new Error('its compressed data is damaged');
  }
  if (written !== size) throw new Error('its compressed data is damaged');
  return out;
}

async function readDirectory(file: Blob, name: string): Promise<ZipEntry[]> {
  const broken = new InputError(
    `${name} is not a whole zip: its directory is missing or damaged; get the file anew.`,
  );
  const tailStart = Math.max(0, file.size - maxTail);
  const tail = new DataView(await file.slice(tailStart).arrayBuffer());
  let end = tail.byteLength - 22;
  while (end >= 0 && tail.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw broken;
  try {
    const { size, offset, endOffset } = await directoryPlace(file, tail, end, tailStart);
    // What stands before the archive proper, as in a self-extracting one, shifts every offset in it.
    const shift = endOffset - size - offset;
    if (shift < 0) throw broken;
    return parseDirectory(await readBytes(file, offset + shift, size), shift);
  } catch {
    throw broken;
  }
}

async function directoryPlace(file: Blob, tail: DataView, end: number, tailStart: number) {
  const size = tail.getUint32(end + 12, true);
  const offset = tail.getUint32(end + 16, true);
  if (end < 20 || tail.getUint32(end - 20, true) !== 0x07064b50)
    return { size, offset, endOffset: tailStart + end };
  const endOffset = getSafe64(tail, end - 12);
  const end64 = await readBytes(file, endOffset, 56);
  return { size: getSafe64(end64, 40), offset: getSafe64(end64, 48), endOffset };
}

function parseDirectory(view: DataView, shift: number): ZipEntry[] {
  const entries: ZipEntry[] = [];
  for (let at = 0; at < view.byteLength; ) {
    if (view.getUint32(at, true) !== 0x02014b50) throw new Error('no entry here');
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const path = decodeText(new Uint8Array(view.buffer, view.byteOffset + at + 46, nameLength));
    const entry = {
      path,
      isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
      // Unix file modes stand in the upper half of the external attributes.
      isLink: (view.getUint16(at + 40, true) & 0xf000) === 0xa000,
      method: view.getUint16(at + 10, true),
      ...sizes(view, at, at + 46 + nameLength, extraLength),
    };
    entry.headerOffset += shift;
    if (!path.endsWith('/')) entries.push(entry);
    at += 46 + nameLength + extraLength + view.getUint16(at + 32, true);
  }
  return entries;
}

/** Sizes and place; those that are too large for 32 bits stand in the zip64 extra field, in this order. */
function sizes(view: DataView, at: number, extraStart: number, extraLength: number) {
  let wide = extraStart;
  const extraEnd = extraStart + extraLength;
  while (wide + 4 <= extraEnd && view.getUint16(wide, true) !== 1) wide += 4 + view.getUint16(wide + 2, true);
  wide += 4;
  const read = (offset: number) => {
    const narrow = view.getUint32(at + offset, true);
    if (narrow !== 0xffffffff || wide + 8 > extraEnd) return narrow;
    wide += 8;
    return getSafe64(view, wide - 8);
  };
  const size = read(24);
  return { size, compressedSize: read(20), headerOffset: read(42) };
}

function getSafe64(view: DataView, offset: number): number {
  return Number(view.getBigUint64(offset, true));
}
