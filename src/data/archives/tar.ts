import { InputError } from '../../files/folder';
import { type Archive, addEntry, type FileEntry } from './archive';
import { type ReadBytes, windowReader } from './windowReader';

const blockBytes = 512;
const zero = 0x30;
const space = 0x20;
/** Names longer than this don't exist; a header that claims one is damaged. */
const maxNameBytes = 2 ** 20;
/** How far a whole header is looked for behind a damaged place, or behind zeros. */
const maxHoleBytes = 16 * 2 ** 20;
/** What a .tar.gz may unpack to, as it is held as a whole; and how many times its own size, where that is much. */
const maxUnpackedBytes = 4 * 2 ** 30;
const maxRatio = 200;
/** So much of it is unpacked before its ratio is judged. */
const smallBytes = 64 * 2 ** 20;
/** Types of headers that say more of the file behind them. */
const moreHeaders = 'xLgK';
const headersPerReport = 1000;

interface TarHeader {
  name: string;
  size: number;
  type: string;
}

/** What the header before a file's own says of it. */
interface Overrides {
  name?: string;
  size?: number;
  isSparse?: boolean;
}

export interface OpenOptions {
  /** Bytes read so far. */
  onProgress?: (done: number) => void;
  signal?: AbortSignal;
}

/**
 * The files in a tar (POSIX ustar and pax, GNU long names). Only headers are read; entries are slices of `file`.
 * What lies before a damaged place, and whole files after it, are still there. Throws InputError, beginning with
 * `name`, where it is no tar at all.
 */
export async function openTar(file: Blob, name: string, options: OpenOptions = {}): Promise<Archive> {
  const archive: Archive = { entries: new Map(), skipped: [] };
  const read = windowReader(file);
  let overrides: Overrides = {};
  let soundUntil = 0;
  let isCut = false;
  let headers = 0;
  for (let at = 0; at + blockBytes <= file.size && at - soundUntil <= maxHoleBytes; ) {
    const block = await read(at, blockBytes);
    const header = block[0] === 0 && isZero(block) ? undefined : parseHeader(block);
    if (!header) {
      if (!isZero(block) && !isCut) archive.damage ??= `it is damaged after ${archive.entries.size} files`;
      at += blockBytes;
      continue;
    }
    const start = at + blockBytes;
    if (moreHeaders.includes(header.type)) {
      overrides = { ...overrides, ...parseOverrides(header.type, await read(start, header.size)) };
      at = nextBlock(start + header.size);
    } else {
      const size = overrides.size ?? header.size;
      const entry = new TarEntry(file, read, start, size);
      addFile(archive, { ...header, ...overrides }, entry);
      overrides = {};
      // A size that leads out of the archive may be a lie: then the next header comes sooner.
      isCut = entry.isCut;
      at = nextBlock(isCut ? start : start + size);
    }
    soundUntil = at;
    if (++headers % headersPerReport === 0) {
      options.signal?.throwIfAborted();
      options.onProgress?.(at);
    }
  }
  if (headers === 0) throw new InputError(`${name} is empty or is not a tar archive.`);
  return archive;
}

class TarEntry implements FileEntry {
  constructor(
    private readonly file: Blob,
    private readonly readBytes: ReadBytes,
    private readonly start: number,
    readonly size: number,
  ) {}

  get isCut(): boolean {
    return this.start + this.size > this.file.size;
  }

  async open(): Promise<Blob> {
    return this.file.slice(this.start, this.start + this.size);
  }

  read(): Promise<Uint8Array> {
    return this.readBytes(this.start, this.size);
  }
}

/** The tar in a .tar.gz, unpacked. Throws InputError, beginning with `name`. */
export async function gunzip(file: Blob, name: string, signal?: AbortSignal): Promise<Blob> {
  let packed = 0;
  let unpacked = 0;
  const before = counting((bytes) => {
    packed += bytes;
  });
  const after = counting((bytes) => {
    unpacked += bytes;
    // What it unpacks to must be in proportion at any time, so that a bomb ends where it begins.
    const tooMuch =
      unpacked > maxUnpackedBytes
        ? 'is over 4 GB when unpacked'
        : unpacked > Math.max(smallBytes, packed * maxRatio)
          ? `unpacks to over ${maxRatio} times its size, as archive bombs do`
          : undefined;
    if (tooMuch) throw new InputError(`${name} ${tooMuch}; give it unpacked.`);
  });
  try {
    const stream = file
      .stream()
      .pipeThrough(before)
      .pipeThrough(new DecompressionStream('gzip'), { signal })
      .pipeThrough(after);
    return await new Response(stream).blob();
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof InputError) throw error;
    throw new InputError(`${name} is not a whole gzip file; get the file anew.`);
  }
}

/** Passes bytes on, and tells how many; the stream breaks off where `hear` throws. */
const counting = (hear: (bytes: number) => void) =>
  new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      hear(chunk.length);
      controller.enqueue(chunk);
    },
  });

/** Enters what is a file; directories and what only says something of others are passed over. */
function addFile(archive: Archive, header: TarHeader & Overrides, entry: TarEntry): void {
  const { name, type } = header;
  if ('5VMND'.includes(type) || ('0\0'.includes(type) && name.endsWith('/'))) return;
  addEntry(archive, name, entry, refusal(header, entry));
}

function refusal({ type, isSparse }: TarHeader & Overrides, entry: TarEntry): string | undefined {
  if (type === '1' || type === '2') return 'it is a link, not a file';
  if (isSparse || type === 'S') return 'it is stored as a sparse file, with holes; pack it without them';
  if (!'0\x007'.includes(type)) return `it is a device or a pipe (type ${type}), not a file`;
  return entry.isCut ? 'the archive ends in the middle of it' : undefined;
}

function nextBlock(offset: number): number {
  return Math.ceil(offset / blockBytes) * blockBytes;
}

function isZero(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

/** One header block, or undefined where its checksum or its size is wrong. */
function parseHeader(block: Uint8Array): TarHeader | undefined {
  // The checksum is taken with its own eight bytes as spaces.
  let sum = 8 * 32;
  for (let i = 0; i < blockBytes; i++) if (i < 148 || i >= 156) sum += block[i];
  const size = parseNumber(block, 124, 136);
  if (sum !== parseNumber(block, 148, 156) || !isSize(size)) return undefined;
  const type = String.fromCharCode(block[156]);
  if (moreHeaders.includes(type) && size > maxNameBytes) return undefined;
  // GNU's own format has times where ustar has the prefix; its magic goes on with a space.
  const hasPrefix = block[345] !== 0 && text(block.subarray(257, 265)) === 'ustar' && block[262] === 0;
  const name = text(block.subarray(0, 100));
  return { name: hasPrefix ? `${text(block.subarray(345, 500))}/${name}` : name, size, type };
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** Octal digits with blanks around them, or GNU's base 256 where the first bit is set; NaN where it is neither. */
function parseNumber(block: Uint8Array, start: number, end: number): number {
  const isBase256 = (block[start] & 0x80) !== 0;
  if (isBase256 && block[start] & 0x40) return Number.NaN; // negative
  let value = isBase256 ? block[start] & 0x3f : 0;
  for (let i = isBase256 ? start + 1 : start; i < end; i++) {
    const digit = block[i] - zero;
    if (isBase256) value = value * 256 + block[i];
    else if (digit >= 0 && digit < 8) value = value * 8 + digit;
    else if (block[i] !== 0 && block[i] !== space) return Number.NaN;
  }
  return value;
}

/** What a header of type x (pax) or L (a GNU long name) says of the file behind it; g and K say nothing we need. */
function parseOverrides(type: string, data: Uint8Array): Overrides {
  if (type === 'L') return { name: text(data) };
  const overrides: Overrides = {};
  // A pax record is 'LENGTH KEY=VALUE\n', its length in bytes and counting itself.
  for (let at = 0; type === 'x' && at < data.length; ) {
    const length = Number.parseInt(text(data.subarray(at, at + 20)), 10);
    if (!(length > 0)) break;
    const [, key, value] = /^\d+ ([^=]*)=(.*)$/s.exec(text(data.subarray(at, at + length - 1))) ?? [];
    if (key === 'path') overrides.name = value;
    if (key === 'size' && /^\d+$/.test(value) && isSize(Number(value))) overrides.size = Number(value);
    if (key?.startsWith('GNU.sparse.')) overrides.isSparse = true;
    at += length;
  }
  return overrides;
}

const decoder = new TextDecoder();

/** The text up to the first NUL. */
function text(field: Uint8Array): string {
  const end = field.indexOf(0);
  return decoder.decode(end < 0 ? field : field.subarray(0, end));
}
