import { openSafetensors, readSafetensors, writeSafetensors } from '../files/safetensors';
import type { FileStore } from '../files/storage';
import type { Snapshot } from './experiment';

/** The one before the last stays, should the last turn out to be damaged. */
const KEPT = 2;
/** Of a run whose past is kept. */
const MOST = 32;
/** Ends the name of what is being written. */
const PART = '.part';
const pattern = /^step-(\d+)-([0-9a-f]{64})\.safetensors$/;

/** A sudden end costs at most as much training, where a snapshot is stored in a twentieth of that. */
const SNAPSHOT_EVERY_MS = 5000;
/** Storing snapshots takes at most 5 % of the time. */
const TRAINING_PER_SNAPSHOT = 19;

/** When to store another snapshot after one that was begun at `start`, in milliseconds of `performance.now()`. */
export function nextSnapshotAt(start: number, every = SNAPSHOT_EVERY_MS): number {
  const now = performance.now();
  return now + Math.max(every, TRAINING_PER_SNAPSHOT * (now - start));
}

/** A snapshot as it lies in a store. */
export interface StoredSnapshot {
  snapshot: Snapshot;
  /** What was said of it when it was stored, such as the run that it is of. */
  about: Record<string, string>;
}

/**
 * Stores a snapshot as `step-STEP-SHA256.safetensors` and thins those before it. A stop at any moment leaves them whole: a
 * file gets its name when all of it is on the disk.
 *
 * @param about goes into the file's metadata
 * @param mostBytes that all may take; where it is left out, the last two stay, else as many as `MOST` that lie evenly
 */
export async function storeSnapshot(
  store: FileStore,
  { step, tensors }: Snapshot,
  about: Record<string, string>,
  mostBytes = 0,
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
  const most = Math.max(KEPT, Math.min(MOST, Math.floor(mostBytes / bytes.length)));
  for (const old of [...superfluous(latestFirst(names).reverse(), most), ...parts]) await store.remove(old);
}

/** Which of these names, earliest first, have to go for `most` to stay: never the last two, and the first one last. */
function superfluous(names: string[], most: number): string[] {
  const stay = [...names];
  const go: string[] = [];
  while (stay.length > most) {
    const gaps = stay
      .slice(0, -KEPT)
      .map((_, i) => (i === 0 ? Number.POSITIVE_INFINITY : stepOf(stay[i + 1]) - stepOf(stay[i - 1])));
    go.push(...stay.splice(gaps.indexOf(Math.min(...gaps)), 1));
  }
  return go;
}

/** The steps of the snapshots in a store, ascending. */
export async function storedSteps(store: FileStore): Promise<number[]> {
  return latestFirst(await store.names())
    .map(stepOf)
    .reverse();
}

/** The snapshot of a step as a file; undefined where there is none that is whole. */
export async function snapshotFileAt(store: FileStore, step: number): Promise<Blob | undefined> {
  for (const name of latestFirst(await store.names())) {
    const file = stepOf(name) === step ? await openWhole(store, name) : undefined;
    if (file) return file;
  }
  return undefined;
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
    const file = await openWhole(store, name);
    if (!file) continue;
    const { metadata } = await openSafetensors(file, name);
    return { step: stepOf(name), file, about: metadata };
  }
  return undefined;
}

/** A file whose contents are those that its name tells; undefined where they are not. */
async function openWhole(store: FileStore, name: string): Promise<Blob | undefined> {
  const [, , expected] = pattern.exec(name) ?? [];
  const file = await store.open(name);
  return file && (await digest(await file.arrayBuffer())) === expected ? file : undefined;
}

const stepOf = (name: string): number => Number(pattern.exec(name)?.[1]);

const latestFirst = (names: string[]): string[] =>
  names.filter((name) => pattern.test(name)).sort((a, b) => stepOf(b) - stepOf(a));

/** SHA-256, in hexadecimal digits. */
async function digest(bytes: BufferSource): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
