import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { MachineError } from './folder';

/** Where downloads are kept: named files side by side, in the browser or in a folder. */
export interface FileStore {
  /** A file as far as it is there, a view of the disk rather than a copy; undefined where there is none. */
  open(name: string): Promise<Blob | undefined>;
  /** Cuts a file to its first `keep` bytes, making it where there is none, and goes on writing from there. */
  append(name: string, keep: number): Promise<FileAppender>;
  remove(name: string): Promise<void>;
  /** Gives a file another name at once, in place of a file that has it already. */
  rename(name: string, to: string): Promise<void>;
  names(): Promise<string[]>;
  /** Bytes that can still be stored; undefined where nobody tells. */
  room(): Promise<number | undefined>;
}

export interface FileAppender {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** After it, all that was written is on the disk. */
  close(): Promise<void>;
}

/** The files of a store whose names begin with `prefix`, by the rest of their names. */
export function within(store: FileStore, prefix: string): FileStore {
  return {
    open: (name) => store.open(prefix + name),
    append: (name, keep) => store.append(prefix + name, keep),
    remove: (name) => store.remove(prefix + name),
    rename: (name, to) => store.rename(prefix + name, prefix + to),
    names: async () =>
      (await store.names())
        .filter((name) => name.startsWith(prefix))
        .map((name) => name.slice(prefix.length)),
    room: () => store.room(),
  };
}

const recordSchema = z.object({
  place: z.string(),
  path: z.string(),
  size: z.int().optional(),
  validator: z.string().optional(),
  complete: z.boolean(),
  usedAt: z.number(),
});

/** What is known of a stored file. It lies beside it, and without it the file counts as absent. */
export interface StoredRecord {
  /** The model's id on the hub, or its web address. */
  place: string;
  path: string;
  /** Bytes of the whole file, where they are known. */
  size?: number;
  /** By what the server tells contents apart: its ETag, or else the time of the last change. */
  validator?: string;
  /** All of it is there and was verified. */
  complete: boolean;
  /** When it was last opened, in milliseconds since 1970. */
  usedAt: number;
}

/** All that is stored of one model, finished or not. */
export interface StoredModel {
  place: string;
  files: number;
  bytes: number;
  /** Whether no download of it is unfinished. */
  complete: boolean;
  /** In milliseconds since 1970. */
  usedAt: number;
}

const RECORD = '.json';

/** The name under which a file is stored: readable, and its own for each place, path and version of the contents. */
export function storedName(place: string, path: string, version: string): string {
  const key = bytesToHex(sha256(utf8ToBytes(JSON.stringify([place, path, version])))).slice(0, 16);
  const readable = `${place}--${path}`.replace(/^https?:\/\//, '').replace(/[^\w.-]+/g, '--');
  return `${readable.slice(-100).replace(/^\W+/, '')}.${key}`;
}

export async function readRecord(store: FileStore, name: string): Promise<StoredRecord | undefined> {
  const file = await store.open(name + RECORD);
  if (!file) return undefined;
  try {
    return recordSchema.parse(JSON.parse(await file.text()));
  } catch {
    // Cut short by a crash: what it stands for is downloaded anew.
    return undefined;
  }
}

export async function writeRecord(store: FileStore, name: string, record: StoredRecord): Promise<void> {
  await writeWhole(store, name + RECORD, utf8ToBytes(JSON.stringify(record)));
}

/** Stores a file that is in memory as a whole. */
export async function storeFile(
  store: FileStore,
  name: string,
  file: { place: string; path: string; contents: string },
): Promise<void> {
  const { place, path, contents } = file;
  const bytes = utf8ToBytes(contents);
  const record = { place, path, size: bytes.length, usedAt: Date.now() };
  await writeRecord(store, name, { ...record, complete: false });
  await writeWhole(store, name, bytes);
  await writeRecord(store, name, { ...record, complete: true });
}

/** A stored file that is complete; undefined where there is none, or less or more of it than there was. */
export async function openStored(store: FileStore, name: string): Promise<Blob | undefined> {
  const record = await readRecord(store, name);
  const file = record?.complete ? await store.open(name) : undefined;
  if (!record || !file || file.size !== record.size) return undefined;
  await writeRecord(store, name, { ...record, usedAt: Date.now() });
  return file;
}

export async function removeStored(store: FileStore, name: string): Promise<void> {
  await store.remove(name + RECORD);
  await store.remove(name);
}

/** What is stored, the model used last first. */
export async function storedModels(store: FileStore): Promise<StoredModel[]> {
  const models = new Map<string, StoredModel>();
  for (const { name, record } of await records(store)) {
    const { place, complete, usedAt } = record;
    const model = models.get(place) ?? { place, files: 0, bytes: 0, complete: true, usedAt: 0 };
    model.files++;
    model.bytes += (await store.open(name))?.size ?? 0;
    model.complete &&= complete;
    model.usedAt = Math.max(model.usedAt, usedAt);
    models.set(place, model);
  }
  return [...models.values()].sort((a, b) => b.usedAt - a.usedAt);
}

/** Deletes what is stored of one place, or without one everything. */
export async function deleteStored(store: FileStore, place?: string): Promise<void> {
  if (place === undefined) {
    for (const name of await store.names()) await store.remove(name);
    return;
  }
  for (const { name, record } of await records(store)) {
    if (record.place === place) await removeStored(store, name);
  }
}

/** Throws MachineError where fewer than so many bytes can still be stored. */
export async function ensureRoom(store: FileStore, bytes: number, label: string): Promise<void> {
  const room = await store.room();
  if (room !== undefined && room < bytes) throw new MachineError(noRoom(label, bytes, room));
}

/** The error to throw for one that writing gave: in words where the disk or the browser's quota is full. */
export async function writingError(
  error: unknown,
  store: FileStore,
  missing: number | undefined,
  label: string,
): Promise<unknown> {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const isFull = (error instanceof Error && error.name === 'QuotaExceededError') || code === 'ENOSPC';
  return isFull ? new MachineError(noRoom(label, missing, await store.room())) : error;
}

function noRoom(label: string, bytes: number | undefined, room: number | undefined): string {
  const needed = bytes === undefined ? 'does not fit' : `needs ${megabytes(bytes)} more`;
  const there = room === undefined ? 'the storage is full' : `there is room for ${megabytes(room)} only`;
  return `${label} ${needed}: ${there}. Delete stored models, or make room on the disk; what was downloaded is kept.`;
}

const megabytes = (bytes: number): string =>
  `${(bytes / 1e6).toLocaleString('en-GB', { maximumFractionDigits: bytes < 1e7 ? 1 : 0 })} MB`;

async function records(store: FileStore): Promise<{ name: string; record: StoredRecord }[]> {
  const names = (await store.names()).filter((name) => name.endsWith(RECORD));
  const found = await Promise.all(
    names.map(async (file) => {
      const name = file.slice(0, -RECORD.length);
      const record = await readRecord(store, name);
      return record ? [{ name, record }] : [];
    }),
  );
  return found.flat();
}

async function writeWhole(store: FileStore, name: string, bytes: Uint8Array<ArrayBufferLike>): Promise<void> {
  const appender = await store.append(name, 0);
  try {
    await appender.write(new Uint8Array(bytes));
  } finally {
    await appender.close();
  }
}
