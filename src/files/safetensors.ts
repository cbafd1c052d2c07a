import { z } from 'zod';
import { decodeBfloat16, decodeFloat16, encodeFloat16 } from './floats';
import { InputError } from './folder';
import { parseJson } from './json';
import { elementCount, type HostTensor, type HostTensors, type TensorSource } from './tensors';

/** Bytes an element, of every type the format knows. */
const elementBytes: Record<string, number> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
};

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});

const headerSchema = z.record(z.string(), z.unknown());
const metadataSchema = z.record(z.string(), z.string()).default({});

/** Where a tensor lies in its file; `start` and `end` are bytes from the file's beginning. */
interface TensorEntry {
  dtype: string;
  shape: number[];
  start: number;
  end: number;
}

/** A safetensors file of which only the header has been read. */
export interface SafetensorsFile {
  entries: Map<string, TensorEntry>;
  metadata: Record<string, string>;
  /** One tensor's values: floats of any kind as Float32Array, I32 and I64 as Int32Array. */
  read(name: string): Promise<HostTensor>;
  /**
   * A float tensor's numbers in order, at most `PIECE` at a time; with `from` and `to`, those of this range.
   * Throws InputError where it holds integers.
   */
  floats(name: string, from?: number, to?: number): AsyncIterable<Float32Array<ArrayBuffer>>;
}

/** Numbers read at a time: 16 MiB as float32. */
const PIECE = 2 ** 22;

/**
 * Opens a safetensors file (https://github.com/huggingface/safetensors) and checks its header against its size.
 * Throws InputError, beginning with `path`, where the file is cut short or is not such a file.
 */
export async function openSafetensors(file: Blob, path: string): Promise<SafetensorsFile> {
  const { header, dataStart } = await readHeader(file, path);
  const entries = new Map<string, TensorEntry>();
  for (const [name, value] of Object.entries(header)) {
    if (name !== '__metadata__') entries.set(name, parseEntry(name, value, dataStart, path));
  }
  checkSize(entries, file.size, path);
  checkApart(entries, path);
  const metadata = parseJson(metadataSchema, header['__metadata__'], `${path}: __metadata__`);
  const entryOf = (name: string) => {
    const entry = entries.get(name);
    if (!entry) throw new InputError(`${path} has no tensor ${name}.`);
    return entry;
  };
  return {
    entries,
    metadata,
    async read(name) {
      const { shape, dtype, start, end } = entryOf(name);
      const bytes = await file.slice(start, end).arrayBuffer();
      return { shape, data: decode(dtype, bytes, `${path}: ${name}`) };
    },
    async *floats(name, from = 0, to) {
      const { shape, dtype, start } = entryOf(name);
      const size = elementBytes[dtype];
      const end = to ?? elementCount(shape);
      for (let at = from; at < end; at += PIECE) {
        const part = file.slice(start + size * at, start + size * Math.min(at + PIECE, end));
        const data = decode(dtype, await part.arrayBuffer(), `${path}: ${name}`);
        if (data instanceof Int32Array)
          throw new InputError(`${path}: ${name} holds integers; F32, F16 or BF16 would be right.`);
        yield data;
      }
    },
  };
}

/** All tensors of a safetensors file. Errors as `openSafetensors`. */
export async function readSafetensors(file: Blob, path: string): Promise<HostTensors> {
  const { entries } = await openSafetensors(file, path);
  // As one, since a browser takes about a millisecond for each piece.
  const bytes = await file.arrayBuffer();
  const tensors = [...entries].map(([name, { shape, dtype, start, end }]) => {
    const data = decode(dtype, bytes.slice(start, end), `${path}: ${name}`);
    return [name, { shape, data }] as const;
  });
  return Object.fromEntries(tensors);
}

async function readHeader(file: Blob, path: string) {
  const notSafetensors = new InputError(
    `${path} is not a safetensors file: it does not begin with the length of a JSON header and the header.`,
  );
  if ((await file.slice(0, 40).text()).startsWith('version https://git-lfs'))
    throw new InputError(
      `${path} is only Git LFS's pointer to the weights. Fetch them with "git lfs pull", or download the file from its page.`,
    );
  if (file.size < 8) {
    throw new InputError(
      `${path} has only ${file.size} bytes, too few for a safetensors file. Copy it again.`,
    );
  }
  const length = Number(new DataView(await file.slice(0, 8).arrayBuffer()).getBigUint64(0, true));
  // The format allows headers of up to 100 MB; other files read as far larger lengths.
  if (length < 2 || length > 1e8) throw notSafetensors;
  const text = await file.slice(8, 8 + length).text();
  if (!text.startsWith('{')) throw notSafetensors;
  if (8 + length > file.size) {
    throw new InputError(
      `${path} is cut short: it has ${count(file.size)} bytes, its header alone needs ${count(8 + length)}. Copy it again.`,
    );
  }
  try {
    return { header: headerSchema.parse(JSON.parse(text)), dataStart: 8 + length };
  } catch {
    throw notSafetensors;
  }
}

function parseEntry(name: string, value: unknown, dataStart: number, path: string): TensorEntry {
  const { dtype, shape, data_offsets } = parseJson(entrySchema, value, `${path}: ${name}`);
  const [start, end] = data_offsets;
  const size = elementBytes[dtype];
  if (size === undefined) throw new InputError(`${path}: ${name} has the unknown type ${dtype}.`);
  const expected = size * shape.reduce((product, n) => product * n, 1);
  if (end - start !== expected) {
    throw new InputError(
      `${path}: ${name} of type ${dtype} and shape [${shape}] needs ${count(expected)} bytes, the header gives it ${count(end - start)}.`,
    );
  }
  return { dtype, shape, start: dataStart + start, end: dataStart + end };
}

function checkSize(entries: Map<string, TensorEntry>, size: number, path: string) {
  const beyond = [...entries].filter(([, entry]) => entry.end > size);
  if (beyond.length === 0) return;
  const expected = beyond.reduce((most, [, entry]) => Math.max(most, entry.end), 0);
  throw new InputError(
    `${path} is cut short: it has ${count(size)} bytes instead of ${count(expected)}, so ${beyond.length} of its ` +
      `${entries.size} tensors (${beyond[0][0]}${beyond.length > 1 ? ', …' : ''}) are not whole. Copy it again.`,
  );
}

/** Tensors that share bytes make a small file claim many large ones, and change with one another. */
function checkApart(entries: Map<string, TensorEntry>, path: string) {
  const inOrder = [...entries].sort(([, a], [, b]) => a.start - b.start || a.end - b.end);
  for (const [i, [name, { start }]] of inOrder.entries()) {
    if (i === 0 || inOrder[i - 1][1].end <= start) continue;
    throw new InputError(
      `${path} is damaged: its tensors ${inOrder[i - 1][0]} and ${name} lie over one another. Get the file anew.`,
    );
  }
}

function decode(
  dtype: string,
  bytes: ArrayBuffer,
  where: string,
): Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> {
  switch (dtype) {
    case 'F32':
      return new Float32Array(bytes);
    case 'F16':
      return decodeFloat16(new Uint16Array(bytes));
    case 'BF16':
      return decodeBfloat16(new Uint16Array(bytes));
    case 'I32':
      return new Int32Array(bytes);
    case 'I64':
      return Int32Array.from(new BigInt64Array(bytes), Number);
    default:
      throw new InputError(`${where} is of type ${dtype}; F32, F16, BF16, I32 or I64 would be right.`);
  }
}

export interface SafetensorsOptions {
  metadata?: Record<string, string>;
  /** Write floats in half precision. */
  half?: boolean;
}

/** A safetensors file of these tensors in the order of their names; floats as F32 (F16 with `half`), integers as I32. */
export function writeSafetensors(
  tensors: HostTensors,
  { metadata, half }: SafetensorsOptions = {},
): Uint8Array<ArrayBuffer> {
  const names = Object.keys(tensors).sort();
  const parts = names.map((name) => {
    const { shape, data } = tensors[name];
    if (data instanceof Int32Array) return { name, shape, dtype: 'I32', data };
    return { name, shape, ...(half ? { dtype: 'F16', data: encodeFloat16(data) } : { dtype: 'F32', data }) };
  });
  const header = encodeHeader(parts, metadata);
  const size = parts.reduce((sum, { data }) => sum + data.byteLength, header.length);
  const file = new Uint8Array(size);
  let at = 0;
  for (const chunk of [header, ...parts.map(({ data }) => bytesOf(data))]) {
    file.set(chunk, at);
    at += chunk.length;
  }
  return file;
}

/** The same of a source's tensors, piece by piece, and its size in bytes. */
export function streamSafetensors(
  source: TensorSource,
  { metadata, half }: SafetensorsOptions = {},
): { size: number; chunks: AsyncIterable<Uint8Array<ArrayBuffer>> } {
  const dtype = half ? 'F16' : 'F32';
  const parts = [...source.shapes].map(([name, shape]) => ({ name, shape, dtype }));
  parts.sort((a, b) => (a.name < b.name ? -1 : 1));
  const header = encodeHeader(parts, metadata);
  async function* chunks() {
    yield header;
    for (const { name } of parts)
      for await (const piece of source.pieces(name)) yield bytesOf(half ? encodeFloat16(piece) : piece);
  }
  const numbers = parts.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  return { size: header.length + elementBytes[dtype] * numbers, chunks: chunks() };
}

/** Length and header, the latter filled with spaces to a multiple of 8 bytes, so that the data is aligned. */
function encodeHeader(
  tensors: { name: string; shape: number[]; dtype: string }[],
  metadata: Record<string, string> | undefined,
): Uint8Array<ArrayBuffer> {
  const entries: Record<string, unknown> = metadata ? { __metadata__: metadata } : {};
  let at = 0;
  for (const { name, shape, dtype } of tensors) {
    const end = at + elementBytes[dtype] * elementCount(shape);
    entries[name] = { dtype, shape, data_offsets: [at, end] };
    at = end;
  }
  const text = new TextEncoder().encode(JSON.stringify(entries));
  const length = Math.ceil(text.length / 8) * 8;
  const header = new Uint8Array(8 + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(text, 8);
  return header;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}

function count(bytes: number): string {
  return bytes.toLocaleString('en-GB');
}
