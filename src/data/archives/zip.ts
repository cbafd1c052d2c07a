import { inflateSync } from 'fflate';
import { InputError } from '../../files/folder';
import { decodeText } from '../text';
import { type Archive, addEntry, type FileEntry } from './archive';
import { decodeNames } from './names';
import { type ReadBytes, windowReader } from './windowReader';

/** The end record is 22 bytes and a comment of at most 65,535, behind it nothing. */
const maxTail = 22 + 0xffff;
/** Two million files; who claims a larger directory lies, to make us read it. */
const maxDirectoryBytes = 2 ** 28;
/** Larger ones would have to be unpacked in memory; images, texts and their tables are far smaller. */
const maxInflatedBytes = 2 ** 30;
/** DEFLATE can't do better than this: who claims more lies, to make us allocate it. */
const maxRatio = 1032;
/** What is over this size and better packed than any data worth having is there to fill the memory. */
const bomb = { bytes: 2 ** 26, ratio: 200 };
const localHeaderBytes = 30;
const localSignature = 0x04034b50;

interface ZipRecord {
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
  const records = await readDirectory(file, name);
  const archive: Archive = { entries: new Map(), skipped: [] };
  const read = windowReader(file);
  const overlapping = await overlaps(records, read);
  for (const record of records) {
    const reason = overlapping.has(record) ? 'it overlaps another file of the archive' : refusal(record);
    addEntry(archive, record.path, new ZipEntry(file, read, record), reason);
  }
  return archive;
}

/**
 * Files whose bytes are said to be those of another one too: so a small zip can claim a thousand large files. Of two,
 * the one is meant that reaches into the other, or that is not there.
 */
async function overlaps(records: ZipRecord[], read: ReadBytes): Promise<Set<ZipRecord>> {
  const found = new Set<ZipRecord>();
  let before: ZipRecord | undefined;
  for (const record of records.toSorted((a, b) => a.headerOffset - b.headerOffset)) {
    const isInside = before !== undefined && endOf(before) > record.headerOffset;
    const liar = isInside && (await isThere(record, read)) ? before : record;
    if (isInside && liar) found.add(liar);
    if (!isInside || liar === before) before = record;
  }
  return found;
}

async function isThere({ headerOffset }: ZipRecord, read: ReadBytes): Promise<boolean> {
  const header = await read(headerOffset, localHeaderBytes);
  return header.length === localHeaderBytes && viewOf(header).getUint32(0, true) === localSignature;
}

function endOf({ headerOffset, compressedSize }: ZipRecord): number {
  return headerOffset + localHeaderBytes + compressedSize;
}

function refusal({ isEncrypted, isLink, method, size, compressedSize }: ZipRecord): string | undefined {
  if (isEncrypted) return 'it is encrypted; unpack it with its password and give the files';
  if (isLink) return 'it is a link, not a file';
  if (method === 0) return undefined;
  if (method !== 8) return `its compression (method ${method}) is not known; use plain zip (deflate)`;
  if (size > maxInflatedBytes) return 'it is over 1 GB when unpacked; unpack it and give the folder';
  if (size > compressedSize * maxRatio) return 'the size that the archive claims for it is impossible';
  if (size > bomb.bytes && size > compressedSize * bomb.ratio)
    return `it would unpack to ${Math.round(size / compressedSize)} times its size, as archive bombs do`;
  return undefined;
}

class ZipEntry implements FileEntry {
  constructor(
    private readonly file: Blob,
    private readonly readBytes: ReadBytes,
    private readonly record: ZipRecord,
  ) {}

  get unpackedBytes(): number {
    return this.record.method === 0 ? 0 : this.record.size;
  }

  async open(): Promise<Blob> {
    const { method, compressedSize } = this.record;
    if (method !== 0) return new Blob([await this.read()]);
    const start = await this.dataStart();
    return this.file.slice(start, start + compressedSize);
  }

  async read(): Promise<Uint8Array<ArrayBuffer>> {
    const { method, compressedSize, size } = this.record;
    const packed = await this.readBytes(await this.dataStart(), compressedSize);
    return method === 0 ? packed : inflate(packed, size);
  }

  private async dataStart(): Promise<number> {
    const { headerOffset, compressedSize } = this.record;
    const header = viewOf(await this.readBytes(headerOffset, localHeaderBytes));
    if (header.byteLength < localHeaderBytes || header.getUint32(0, true) !== localSignature)
      throw new Error('the archive is damaged where it should lie');
    const nameLength = header.getUint16(26, true);
    const start = headerOffset + localHeaderBytes + nameLength + header.getUint16(28, true);
    if (start + compressedSize > this.file.size) throw new Error('the archive ends in the middle of it');
    return start;
  }
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

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** Bytes of a file; throws a RangeError where it ends before them. */
async function readExactly(file: Blob, start: number, length: number): Promise<DataView> {
  if (start < 0 || start + length > file.size) throw new RangeError('the file ends too early');
  return new DataView(await file.slice(start, start + length).arrayBuffer());
}

async function readDirectory(file: Blob, name: string): Promise<ZipRecord[]> {
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
    if (shift < 0 || size > maxDirectoryBytes) throw broken;
    return parseDirectory(await readExactly(file, offset + shift, size), shift);
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
  const end64 = await readExactly(file, endOffset, 56);
  return { size: getSafe64(end64, 40), offset: getSafe64(end64, 48), endOffset };
}

function parseDirectory(view: DataView, shift: number): ZipRecord[] {
  const records: Omit<ZipRecord, 'path'>[] = [];
  const paths: (string | undefined)[] = [];
  const names: Uint8Array[] = [];
  for (let at = 0; at < view.byteLength; ) {
    if (view.getUint32(at, true) !== 0x02014b50) throw new Error('no entry here');
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const start = view.byteOffset + at + 46;
    const extra = new Uint8Array(view.buffer, start + nameLength, extraLength);
    const name = new Uint8Array(view.buffer, start, nameLength);
    const flags = view.getUint16(at + 8, true);
    const path = unicodePath(extra) ?? (flags & 0x800 ? decodeText(name) : undefined);
    paths.push(path);
    if (path === undefined) names.push(name);
    const record = {
      isEncrypted: (flags & 1) === 1,
      // Unix file modes stand in the upper half of the external attributes.
      isLink: (view.getUint16(at + 40, true) & 0xf000) === 0xa000,
      method: view.getUint16(at + 10, true),
      ...sizes(view, at, at + 46 + nameLength, extraLength),
    };
    record.headerOffset += shift;
    records.push(record);
    at += 46 + nameLength + extraLength + view.getUint16(at + 32, true);
  }
  const decoded = decodeNames(names).values();
  return records
    .map((record, i) => ({ ...record, path: paths[i] ?? decoded.next().value ?? '' }))
    .filter(({ path }) => !path.endsWith('/'));
}

/** Info-ZIP's Unicode Path (0x7075): version, CRC-32 of the other name, and the name in UTF-8. */
function unicodePath(extra: Uint8Array): string | undefined {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    const end = at + 4 + view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 0x7075 && end > at + 9) return decodeText(extra.subarray(at + 9, end));
  }
  return undefined;
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
