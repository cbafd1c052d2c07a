import { z } from 'zod';
import { browserStore } from '../files/browserStore';
import { parseJson } from '../files/json';
import { openSafetensors } from '../files/safetensors';
import { type FileStore, within } from '../files/storage';
import { readManifest, writeManifest } from '../run/distillery';
import type { Run } from '../run/schema';
import { latestSnapshotFile } from '../train/snapshotStore';
import type { DroppedFile, DroppedThing, Past, Precision, StoppedRun } from './api';
import { folderOf } from './droppedFolder';
import { fingerprint } from './fingerprint';
import type { Origin } from './openedRun';
import { isElsewhere } from './runLock';

/** Checkpoints of so many runs are kept. */
const MOST_RUNS = 3;
const NAME = 'clip-distillery-runs';

/** A run as its checkpoints are to have it, so that it can go on without the page that began it. */
export interface Keepable extends Origin {
  id: string;
  run: Run;
  teacherPrecision: Precision;
  /** Of a checkpoint, about. */
  bytes: number;
  /** Names of the data, the device and the models. */
  data: string;
  device: string;
  teacher: string;
  student: string;
}

/** What a checkpoint says of its run. */
export interface Kept extends Keepable, Omit<Past, 'curves'> {
  curves: Record<string, number[]>;
  /** Of the last checkpoint. */
  storedStep: number;
  dropped?: DroppedThing[];
}

/** Where checkpoints of all runs lie. */
export const openRunStore = (): Promise<FileStore> => browserStore(NAME);

/** The checkpoints of one run. */
export const storeOf = (store: FileStore, id: string): FileStore => within(store, prefixOf(id));

const prefixOf = (id: string): string => `${encodeURIComponent(id)}.`;

/** What a checkpoint says of itself, as metadata of its file. */
export function writeAbout(kept: Kept, dropped: DroppedThing[], step: number): Record<string, string> {
  const { id, run, concepts, parts, teacherPrecision, startedAt, data, device, teacher, student } = kept;
  const manifest = writeManifest({
    run,
    concepts: concepts.length > 0 ? concepts : undefined,
    parts: parts.map((part) => ('hub' in part ? { hub: part.hub } : { files: true as const })),
    teacherPrecision,
    view: {},
    trained: { step, runId: id },
  });
  const curves = Object.fromEntries(
    Object.entries(kept.curves).map(([name, values]) => [
      name,
      name === 'step' ? values.slice(0, step) : thinned(values, step),
    ]),
  );
  const evaluations = kept.evaluations.filter((one) => one.step <= step);
  const record = { id, startedAt, data, device, teacher, student, curves, evaluations };
  return {
    manifest,
    record: JSON.stringify(record),
    dropped: JSON.stringify(dropped),
    at: String(Date.now()),
  };
}

/** Of a longer run every second value is kept, or every third, and so on: a file's metadata has room for 100 MB. */
const MOST_VALUES = 100_000;

/** A curve up to a step, with gaps, which JSON has as null, where there are too many values. The last one stays. */
function thinned(values: readonly number[], step: number): number[] {
  const every = Math.ceil(step / MOST_VALUES);
  return Array.from({ length: step }, (_, i) => ((step - 1 - i) % every === 0 ? values[i] : Number.NaN));
}

/** What was dropped for a run, to be asked for again. */
export function describeDropped(origin: Origin): Promise<DroppedThing[]> {
  return Promise.all(
    dropsOf(origin).map(async ({ what, files }) => ({
      what,
      name: folderOf(files).name,
      files: files.length,
      fingerprint: await fingerprint(files),
    })),
  );
}

function dropsOf({ parts, models, tensors }: Origin): { what: DroppedThing['what']; files: DroppedFile[] }[] {
  const all = [
    ...parts.flatMap((part) => ('files' in part ? [{ what: 'data' as const, files: part.files }] : [])),
    ...(['teacher', 'student'] as const).map((what) => ({ what, files: models[what] ?? [] })),
    ...tensors.map((file) => ({ what: 'tensors' as const, files: [file] })),
  ];
  return all.filter(({ files }) => files.length > 0);
}

/** Larger files are asked for again. */
const MOST_STORED = 64e6;

/** Stores beside a run's checkpoints what it was given as one file, such as a teacher made on the page, but for its data. */
export async function storeGiven(store: FileStore, origin: Origin): Promise<void> {
  for (const { what, files } of dropsOf(origin)) {
    const [{ file }] = files;
    if (what === 'data' || files.length > 1 || file.size > MOST_STORED) continue;
    const appender = await store.append(givenName(await fingerprint(files)), 0);
    try {
      await appender.write(new Uint8Array(await file.arrayBuffer()));
    } finally {
      await appender.close();
    }
  }
}

const givenName = (fingerprint: string): string => `given-${fingerprint}`;

/** What was stored of a thing; undefined where it is not there as it was. */
async function givenOf(store: FileStore, thing: DroppedThing): Promise<DroppedFile | undefined> {
  const found = await store.open(givenName(thing.fingerprint));
  const given = found && { path: thing.name, file: new File([found], thing.name) };
  return given && (await fingerprint([given])) === thing.fingerprint ? given : undefined;
}

const droppedSchema = z.array(
  z.object({
    what: z.enum(['data', 'teacher', 'student', 'tensors']),
    name: z.string(),
    files: z.int(),
    fingerprint: z.string(),
  }),
);

/** Where a run stood last, or the run that was stored last; undefined where no checkpoint of it is whole. */
export async function stoppedRun(store: FileStore, id?: string): Promise<StoppedRun | undefined> {
  if (id !== undefined) return readStopped(store, id);
  for (const each of await latestFirst(store)) {
    const stopped = await readStopped(store, each);
    if (stopped) return stopped;
  }
  return undefined;
}

async function readStopped(store: FileStore, id: string): Promise<StoppedRun | undefined> {
  const own = storeOf(store, id);
  const latest = await latestSnapshotFile(own);
  if (!latest) return undefined;
  const { step, file, about } = latest;
  const where = 'The checkpoint of the last visit';
  const dropped = parseJson(droppedSchema, JSON.parse(about['dropped']), where);
  return {
    student: { run: id, step, tensors: file },
    manifest: readManifest(JSON.parse(about['manifest']), where),
    record: JSON.parse(about['record']),
    isElsewhere: await isElsewhere(id),
    dropped: await Promise.all(
      dropped.map(async (thing) => ({ ...thing, stored: await givenOf(own, thing) })),
    ),
  };
}

/** Ids of the runs that have checkpoints, the one stored last first. */
async function latestFirst(store: FileStore): Promise<string[]> {
  const runs = new Map<string, string[]>();
  for (const name of (await store.names()).filter((one) => one.endsWith('.safetensors'))) {
    const id = decodeURIComponent(name.slice(0, name.indexOf('.step-')));
    runs.set(id, [...(runs.get(id) ?? []), name]);
  }
  const at = new Map<string, number>();
  for (const [id, names] of runs) {
    // The last one may be damaged.
    const last = names.sort((a, b) => stepOf(b) - stepOf(a)).slice(0, 2);
    at.set(id, Math.max(...(await Promise.all(last.map((name) => storedAt(store, name))))));
  }
  return [...at.keys()].sort((a, b) => (at.get(b) ?? 0) - (at.get(a) ?? 0));
}

const stepOf = (name: string): number => Number(/\.step-(\d+)/.exec(name)?.[1]);

/** When a checkpoint was stored, in milliseconds since 1970; 0 where it doesn't say. */
async function storedAt(store: FileStore, name: string): Promise<number> {
  const file = await store.open(name);
  const about = file && (await openSafetensors(file, name).catch(() => undefined))?.metadata;
  return Number(about?.['at'] ?? 0);
}

/** Makes room: of all but the runs stored last, and this one, nothing stays. */
export async function dropOldest(store: FileStore, id: string): Promise<void> {
  const others = (await latestFirst(store)).filter((other) => other !== id);
  for (const old of others.slice(MOST_RUNS - 1)) await removeRun(store, old);
}

export async function removeRun(store: FileStore, id: string): Promise<void> {
  const own = storeOf(store, id);
  for (const name of await own.names()) await own.remove(name);
}
