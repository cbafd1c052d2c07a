import {
  createStore as createDisk,
  delMany,
  promisifyRequest,
  get as read,
  values,
  set as write,
} from 'idb-keyval';
import { createStore } from 'zustand/vanilla';
import { engine } from '../engine';
import { fromStored, type KeptRun, type StoredRun, toStored, type UnreadRun } from './stored';

interface Kept {
  /** Latest first. */
  runs: KeptRun[];
  /** Ids of those in the charts, the latest chosen first. */
  shown: string[];
  /** What the last deletion took away, and what was in the charts before it. */
  deleted: { runs: KeptRun[]; shown: string[] };
  /** Those of earlier visits that can't be shown; they stay stored. */
  unread: UnreadRun[];
  /** False where the browser stores nothing for this page, as in private windows. */
  isStored: boolean;
}

/** The oldest go when there are more. */
export const MOST_RUNS = 200;
/** More lines than these can't be told apart. */
export const MOST_SHOWN = 6;

export const keptStore = createStore<Kept>(() => ({
  runs: [],
  shown: [],
  deleted: { runs: [], shown: [] },
  unread: [],
  isStored: true,
}));

const { getState: get, setState: set } = keptStore;
const disk = createDisk('runs', 'runs');
/** Where the ids of those in the charts are. */
const SHOWN = 'runs in the charts';
/** Where the ids of the last deletion are: it can be undone until the page is left. */
const DELETED = 'deleted runs';

/** Brings the runs of earlier visits, and those into the charts that were in them. */
export async function loadKept(): Promise<void> {
  await tryToStore(async () => {
    const [found, before = [], deleted = []] = await Promise.all([
      values<StoredRun>(disk),
      read<string[]>(SHOWN),
      read<string[]>(DELETED),
    ]);
    forgetStudents(deleted.filter((id) => !found.some((run) => run.id === id)));
    const here = new Set(get().runs.map(({ id }) => id));
    const { read: usable, unread } = readAll(found.filter(({ id }) => !here.has(id)));
    const runs = latestFirst([...get().runs, ...usable]);
    const shown = before.filter((id) => !get().shown.includes(id) && runs.some((run) => run.id === id));
    set({ runs, unread, shown: [...get().shown, ...shown].slice(0, MOST_SHOWN) });
    await dropOldest();
  });
  keptStore.subscribe(({ shown }, before) => {
    if (shown !== before.shown) void tryToStore(() => write(SHOWN, shown));
  });
}

function readAll(stored: readonly StoredRun[]): { read: KeptRun[]; unread: UnreadRun[] } {
  const read: KeptRun[] = [];
  const unread: UnreadRun[] = [];
  for (const run of stored) {
    try {
      read.push(fromStored(run));
    } catch (error) {
      unread.push({ id: run.id, problem: error instanceof Error ? error.message : String(error) });
    }
  }
  return { read, unread };
}

/** Forgets the runs that can't be shown. */
export function removeUnread(): void {
  const ids = get().unread.map(({ id }) => id);
  set({ unread: [] });
  void tryToStore(() => delMany(ids, disk));
}

/** Keeps a run, in place of an earlier state of it, whose name and student it takes. */
export function keep(run: KeptRun): void {
  const { runs } = get();
  const { name, trained } = runs.find(({ id }) => id === run.id) ?? {};
  const whole = { ...run, name: run.name ?? name, trained: run.trained ?? trained };
  set({ runs: latestFirst([whole, ...runs.filter(({ id }) => id !== run.id)]) });
  void tryToStore(() => store(whole).then(dropOldest));
}

/**
 * Keeps runs from a file as far as there is room beside those that are here, which stay as they are.
 *
 * @returns how many there is no room for
 */
export function keepImported(imported: readonly KeptRun[]): number {
  const here = new Set(get().runs.map(({ id }) => id));
  const others = imported.filter(({ id }) => !here.has(id));
  const room = Math.max(0, MOST_RUNS - here.size);
  for (const run of others.slice(0, room)) keep({ ...run, isImported: true });
  return Math.max(0, others.length - room);
}

/** An empty name brings the settings back as its name. */
export const rename = (id: string, name: string): void =>
  change(id, { name: name.trim().slice(0, 300) || undefined });

/** Keeps a run's student with it, or no longer. */
export const keepStudent = (id: string, trained: KeptRun['trained']): void => change(id, { trained });

function change(id: string, by: Pick<KeptRun, 'name'> | Pick<KeptRun, 'trained'>): void {
  const run = get().runs.find((one) => one.id === id);
  if (!run) return;
  const changed = { ...run, ...by };
  set({ runs: get().runs.map((one) => (one === run ? changed : one)) });
  void tryToStore(() => store(changed));
}

/** Forgets runs; `undoRemove` brings the last ones back. */
export function remove(ids: readonly string[]): void {
  const isGone = ({ id }: KeptRun) => ids.includes(id);
  const { runs, shown, deleted } = get();
  forgetStudents(deleted.runs.map(({ id }) => id));
  set({
    runs: runs.filter((run) => !isGone(run)),
    shown: shown.filter((id) => !ids.includes(id)),
    deleted: { runs: runs.filter(isGone), shown },
  });
  // At once, so that what an undo stores comes after it.
  void tryToStore(async () => {
    await Promise.all([write(DELETED, ids), delMany([...ids], disk)]);
  });
}

/** Deletes what was stored to go on with these runs: nobody can bring them back any more. */
function forgetStudents(ids: readonly string[]): void {
  for (const id of ids) void engine.removeCheckpoints(id).catch(() => undefined);
}

export function undoRemove(): void {
  const { runs, deleted } = get();
  set({
    runs: latestFirst([...runs, ...deleted.runs]),
    shown: deleted.shown,
    deleted: { runs: [], shown: [] },
  });
  void tryToStore(async () => {
    await store(...deleted.runs);
    await write(DELETED, []);
  });
}

/** Puts a run into the charts; where there are too many, the one chosen first goes. */
export const show = (id: string): void =>
  set({ shown: [id, ...get().shown.filter((one) => one !== id)].slice(0, MOST_SHOWN) });

export const hide = (id: string): void => set({ shown: get().shown.filter((one) => one !== id) });

/** Takes the runs on other data out of the charts. */
export function hideOtherData(data: string): void {
  const { runs, shown } = get();
  set({ shown: shown.filter((id) => runs.find((run) => run.id === id)?.data === data) });
}

/** Committed at once: what is left to the event loop is lost where the tab is closing. */
const store = (...runs: KeptRun[]): Promise<void> =>
  disk('readwrite', (stored) => {
    for (const run of runs) stored.put(toStored(run), run.id);
    stored.transaction.commit();
    return promisifyRequest(stored.transaction);
  });

async function dropOldest(): Promise<void> {
  const { runs } = get();
  const ownFirst = runs.toSorted((a, b) => Number(a.isImported ?? false) - Number(b.isImported ?? false));
  const old = ownFirst.slice(MOST_RUNS).map(({ id }) => id);
  if (old.length === 0) return;
  set({
    runs: runs.filter(({ id }) => !old.includes(id)),
    shown: get().shown.filter((id) => !old.includes(id)),
  });
  await delMany(old, disk);
}

/** Private windows and full disks refuse; then runs last as long as the page. */
async function tryToStore(work: () => Promise<void>): Promise<void> {
  try {
    await work();
    set({ isStored: true });
  } catch {
    set({ isStored: false });
  }
}

const latestFirst = (runs: KeptRun[]): KeptRun[] => runs.toSorted((a, b) => b.startedAt - a.startedAt);
