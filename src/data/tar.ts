import { InputError } from '../files/folder';
import { type Archive, addEntry } from './archive';

const blockBytes = 512;
/** Headers are read through a window of this size, so that small files cost few reads and large ones none. */
const windowBytes = 2 ** 16;
/** Names longer than this don't exist; a header that claims one is damaged. */
const maxNameBytes = 2 ** 20;
/** What a .tar.gz may unpack to, as it is held as a whole. */
const maxUnpackedBytes = 4 * 2 ** 30;

interface TarHeader {
  name: string;
  size: number;
  type: string;
}

/** What the header before a file's own says of it: a longer name, a larger size. */
interface Overrides {
  name?: string;
  size?: number;
}

/**
 * The files in a tar (POSIX ustar and pax, GNU long names). Only headers are read; entries are slices of `file`.
 * What a damaged or cut tar holds before the damage is still there. Throws InputError, beginning with `name`, where
 * it is no tar at all.
 */
export async function openTar(file: Blob, name: string): Promise<Archive> {
  const archive: Archive = { entries: new Map(), skipped: [] };
  const read = windowReader(file);
  let overrides: Overrides = {};
  for (let at = 0; at + blockBytes <= file.size; ) {
    const block = await read(at, blockBytes);
    if (block.every((byte) => byte === 0)) break;
    const header = parseHeader(block);
    if (!header) {
      if (at === 0) throw new InputError(`${name} is not a tar archive, or is damaged from its beginning.`);
      archive.skipped.push({ file: name, reason: `it is damaged after ${archive.entries.size} files` });
      break;
    }
    const start = at + blockBytes;
    if ('xLg'.includes(header.type)) {
      if (header.size > maxNameBytes) throw new InputError(`${name} is damaged: a header in it is too long.`);
      const data = await read(start, header.size);
      if (header.type !== 'g') overrides = { ...overrides, ...parseOverrides(header.type, data) };
      at = nextBlock(start + header.size);
      continue;
    }
    const size = overrides.size ?? header.size;
    addFile(archive, file, { ...header, ...overrides }, start);
    overrides = {};
    at = nextBlock(start + size);
  }
  if (file.size < blockBytes) throw new InputError(`${name} is empty or is not a tar archive.`);
  return archive;
}

/** The tar in a .tar.gz, unpacked. Throws InputError, beginning with `name`. */
export async function gunzip(file: Blob, name: string): Promise<Blob> {
  let unpacked = 0;
  const limit = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      unpacked += chunk.length;
      if (unpacked > maxUnpackedBytes)
        throw new InputError(`${name} is over 4 GB when unpacked; give the unpacked tar.`);
      controller.enqueue(chunk);
    },
  });
  try {
    return await new Response(
      file.stream().pipeThrough(new DecompressionStream('gzip')).pipeThrough(limit),
    ).blob();
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${name} is not a whole gzip file; get the file anew.`);
  }
}

function addFile(archive: Archive, file: Blob, header: TarHeader, start: number): void {
  const isCut = start + header.size > file.size;
  const open = async () => file.slice(start, start + header.size);
  if (header.type === '0' || header.type === '\0' || header.type === '7') {
    addEntry(archive, header.name, open, isCut ? 'the archive ends in the middle of it' : undefined);
  } else if (header.type === '1' || header.type === '2') {
    addEntry(archive, header.name, open, 'it is a link, not a file');
  }
}

function nextBlock(offset: number): number {
  return Math.ceil(offset / blockBytes) * blockBytes;
}

/** Reads [start, start + length) of the file, less where it ends before. */
function windowReader(file: Blob) {
  let window = new Uint8Array();
  let windowStart = 0;
  return async (start: number, length: number): Promise<Uint8Array> => {
    if (start < windowStart || start + length > windowStart + window.length) {
      windowStart = start;
      window = new Uint8Array(await file.slice(start, start + Math.max(length, windowBytes)).arrayBuffer());
    }
    return window.subarray(start - windowStart, start - windowStart + length);
  };
}

/** One header block, or undefined where its checksum is wrong. */
function parseHeader(block: Uint8Array): TarHeader | undefined {
  // The checksum is taken with its own eight bytes as spaces.
  const sum = block.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
  if (sum !== parseNumber(block.subarray(148, 156))) return undefined;
  const isUstar = text(block.subarray(257, 263)) === 'ustar';
  const prefix = isUstar ? text(block.subarray(345, 500)) : '';
  const name = text(block.subarray(0, 100));
  return {
    name: prefix ? `${prefix}/${name}` : name,
    size: parseNumber(block.subarray(124, 136)),
    type: String.fromCharCode(block[156]),
  };
}

/** Octal digits, or GNU's base 256 where the first bit is set. */
function parseNumber(field: Uint8Array): number {
  if ((field[0] & 0x80) === 0) return Number.parseInt(text(field).trim() || '0', 8);
  return field.subarray(1).reduce((value, byte) => value * 256 + byte, field[0] & 0x7f);
}

function parseOverrides(type: string, data: Uint8Array): Overrides {
  if (type === 'L') return { name: text(data) };
  const overrides: Overrides = {};
  // A pax record is 'LENGTH KEY=VALUE\n', its length in bytes and counting itself.
  for (let at = 0; at < data.length; ) {
    const length = Number.parseInt(text(data.subarray(at, at + 20)), 10);
    if (!(length > 0)) break;
    const record = text(data.subarray(at, at + length - 1));
    const value = record.slice(record.indexOf('=') + 1);
    if (/^\d+ path=/.test(record)) overrides.name = value;
    if (/^\d+ size=/.test(record)) overrides.size = Number(value);
    at += length;
  }
  return overrides;
}

/** The text up to the first NUL. */
function text(field: Uint8Array): string {
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}
