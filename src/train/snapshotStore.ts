import { openSafetensors, readSafetensors, writeSafetensors } from '../files/safetensors';
import type { FileStore } from '../files/storage';
import type { Snapshot } from './experiment';

/** The one before the last stays, should the last turn out to be damaged. */
const KEPT = 2;
/** Ends the name of what is being written. */
const PART = '.part';
const pattern = /^step-(\d+)-([0-9a-f]{64})\.safetensors$/;

/** A sudden end costs at most as much training, where a snapshot is stored in a twentieth of that. */
const SNAPSHOT_EVERY_MS = 5000;
/** Storing snapshots takes at most 5 % of the time. */
const TRAINING_PER_SNAPSHOT = 19;

/** When to store another snapshot after one that was begun at `start`, in milliseconds of `performance.now()`. */
export function nextSnapshotAt(start: number): number {
  const now = performance.now();
  return now + Math.max(SNAPSHOT_EVERY_MS, TRAINING_PER_SNAPSHOT * (now - start));
}

/** A snapshot as it lies in a store. */
export interface StoredSnapshot {
  snapshot: Snapshot;
  /** What was said of it when it was stored, such as the run that it is of. */
  about: Record<string, string>;
}

/**
 * Stores a snapshot as `step-STEP-SHA256.safetensors` and removes all but the last two. A stop at any moment leaves those before it whole: a file gets its name when all of it
 * is on the disk.
 *
 * @param about goes into the file's metadata
 */
export async function storeSnapshot(
  store: FileStore,
  { step, tensors }: Snapshot,
  about: Record<string, string>,
): Promise<void> {
  const bytes = writeSafetensors(tensors, { metadata: about });
  const name = `step-${step}-${await digest(bytes)}.safetensors`;
  try {
    const file = await store.append(name + PART, 0);
    try {
      await file.write(bytes);
    } finally {
      await file.close();
    }
    await store.rename(name + PART, name);
  } catch (error) {
    // What was written of it takes room that is missing.
    await store.remove(name + PART).catch(() => undefined);
    throw error;
  }
  const names = await store.names();
  const parts = names.filter((other) => other.endsWith(PART));
  for (const old of [...latestFirst(names).slice(KEPT), ...parts]) await store.remove(old);
}

/** The latest snapshot that is whole; undefined where there is none. */
export async function latestSnapshot(store: FileStore): Promise<StoredSnapshot | undefined> {
  const latest = await latestSnapshotFile(store);
  if (!latest) return undefined;
  const { step, file, about } = latest;
  return { snapshot: { step, tensors: await readSafetensors(file, 'The snapshot') }, about };
}

/** The same as a safetensors file, whose tensors are not read yet. */
export async function latestSnapshotFile(
  store: FileStore,
): Promise<{ step: number; file: Blob; about: StoredSnapshot['about'] } | undefined> {
  for (const name of latestFirst(await store.names())) {
    const [, , expected] = pattern.exec(name) ?? [];
    const file = await store.open(name);
    if (!file || (await digest(await file.arrayBuffer())) !== expected) continue;
    const { metadata } = await openSafetensors(file, name);
    return { step: stepOf(name), file, about: metadata };
  }
  return undefined;
}

const stepOf = (name: string): number => Number(pattern.exec(name)?.[1]);

const latestFirst = (names: string[]): string[] =>
  names.filter((name) => pattern.test(name)).sort((a, b) => stepOf(b) - stepOf(a));

/** SHA-256, in hexadecimal digits. */
async function digest(bytes: BufferSource): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
