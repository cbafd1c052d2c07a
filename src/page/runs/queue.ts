import { del, get as read, set as write } from 'idb-keyval';
import { createStore } from 'zustand/vanilla';
import { parseRun } from '../../run/schema';
import { describeRun } from '../describeRun';
import { engine } from '../engine';
import { percentage } from '../format';
import type { Phase } from '../state';
import { defaultRun, load, report, runSoFar, store, tryRun } from '../store';
import { isBetter, type Outcome, outcomeOf } from './figures';
import { keepStudent } from './kept';
import type { PlannedRun } from './sweep';
import { type Migrations, migrated, type Stored, versioned } from './versions';

const KEY = 'queue';

export interface QueuedRun extends PlannedRun {
  state: 'waiting' | 'running' | 'done' | 'failed';
  /** Why it failed. */
  problem?: string;
  outcome?: Outcome;
  /** From its loading to its end, without pauses. */
  seconds?: number;
  /** The id that its run is kept under. */
  id?: string;
}

/** Runs that are to be compared, on the same data. */
export interface Queue {
  /** What is varied, a column each. */
  axes: string[];
  data: string;
  items: QueuedRun[];
}

/** `said` is for those who can't see the table fill. */
export const queueStore = createStore<{ queue?: Queue; isActive: boolean; said: string }>(() => ({
  isActive: false,
  said: '',
}));

const { getState: get, setState: set } = queueStore;

/** A change of `Queue` or of the run schema adds one. */
const migrations: Migrations<Queue> = [
  // Comparisons had no version, and none of the settings that came later: reading fills in their defaults.
  (queue) => queue,
  // Outcomes had the total loss, and no KL.
  (queue) => queue,
];

/** Brings the comparison of the last visit, to go on with; one of a newer version stays stored. */
export async function recallQueue(): Promise<void> {
  const stored = await read<Stored<Queue>>(KEY).catch(() => undefined);
  if (!stored || get().queue) return;
  try {
    const { version, ...queue } = migrated(stored, migrations, 'The comparison of the last visit');
    set({ queue: { ...queue, items: queue.items.map(recalled) } });
  } catch (error) {
    report(error, true);
  }
}

/** A run that can't be with these settings any more fails alone. */
function recalled(item: QueuedRun): QueuedRun {
  try {
    const run = parseRun(item.run, 'Its settings');
    return item.state === 'running' ? waiting({ ...item, run }) : { ...item, run };
  } catch (error) {
    return { ...item, state: 'failed', problem: error instanceof Error ? error.message : String(error) };
  }
}

export function startQueue(axes: string[], runs: PlannedRun[]): void {
  const data = store.getState().data?.name ?? '';
  set({ queue: { axes, data, items: runs.map(waiting) } });
  void goOn();
}

/** Stops after the step of now; what is done stays done. */
export const cancelQueue = (): void => set({ isActive: false, said: 'Stopped' });

export function dropQueue(): void {
  set({ queue: undefined, said: '' });
  void del(KEY).catch(() => undefined);
}

/** Trains what waits, one after another. The settings of before are back at its end, however it ends. */
export async function goOn(): Promise<void> {
  if (get().isActive) return;
  set({ isActive: true, said: '' });
  let own = store.getState().run;
  let end: End = 'finished';
  for (let item = nextWaiting(); item && get().isActive && end !== 'replaced'; item = nextWaiting()) {
    end = await carryOut(item);
    // What is edited meanwhile is meant for afterwards.
    const { run } = store.getState();
    if (run !== item.run) own = run;
  }
  set({ isActive: false });
  // Who has started something else is to keep it.
  if (end === 'replaced') return set({ said: 'Stopped: something else was started' });
  if (!nextWaiting()) set({ said: 'All runs are done' });
  store.setState({ run: own });
  await load(false);
}

type End = 'finished' | 'failed' | 'stopped' | 'replaced';

async function carryOut(item: QueuedRun): Promise<End> {
  const { run } = item;
  const seconds = watchTime();
  change(item, { state: 'running' });
  let end: End;
  let taken = 0;
  try {
    end = (await tryRun(run)) ? await ended(store.getState().runId) : 'replaced';
  } catch (error) {
    change(item, { state: 'failed', problem: error instanceof Error ? error.message : String(error) });
    return 'failed';
  } finally {
    taken = seconds();
  }
  const result = runSoFar();
  if (end === 'finished' && result) {
    change(item, { state: 'done', outcome: outcomeOf(result), seconds: taken, id: result.id });
    await keepBestStudent(result.id);
    say(item);
  } else if (end === 'failed') {
    const problem = store.getState().problems.at(-1)?.message ?? 'It stopped by itself.';
    change(item, { state: 'failed', problem });
  } else change(item, waiting(item));
  return end;
}

/** The seconds from now until it is asked, without those in which the run was paused. */
function watchTime(): () => number {
  let [milliseconds, last] = [0, performance.now()];
  const add = ({ phase }: { phase: Phase }) => {
    const now = performance.now();
    if (phase !== 'paused') milliseconds += now - last;
    last = now;
  };
  const stop = store.subscribe((_, before) => add(before));
  return () => {
    stop();
    add(store.getState());
    return milliseconds / 1000;
  };
}

/** The one of those that are done that came out best. */
export const bestOf = ({ items }: Queue): QueuedRun | undefined =>
  items.reduce<QueuedRun | undefined>(
    (best, item) => (item.outcome && (!best?.outcome || isBetter(item.outcome, best.outcome)) ? item : best),
    undefined,
  );

/** Keeps the student that was trained last where it is the best, in place of the one that was the best before. */
async function keepBestStudent(id: string): Promise<void> {
  const { queue } = get();
  if (!queue || bestOf(queue)?.id !== id) return;
  const trained = await engine.trainedStudent().catch(report);
  if (trained?.run !== id) return;
  for (const other of queue.items) if (other.id !== undefined) keepStudent(other.id, undefined);
  keepStudent(id, trained);
}

/** Waits for this run's end. Works in a hidden tab, too: nothing here waits for a frame or a timer. */
function ended(id: string): Promise<End> {
  return new Promise((resolve) => {
    const look = () => {
      const end = endOf(id);
      if (!end) return;
      for (const stop of stops) stop();
      resolve(end);
    };
    const stops = [store.subscribe(look), queueStore.subscribe(look)];
    look();
  });
}

function endOf(id: string): End | undefined {
  const { phase, runId } = store.getState();
  if (!get().isActive) return 'stopped';
  if (runId !== id) return 'replaced';
  if (phase === 'failed' || phase === 'diverged') return 'failed';
  return phase === 'finished' ? 'finished' : undefined;
}

const nextWaiting = (): QueuedRun | undefined => get().queue?.items.find(({ state }) => state === 'waiting');

export const waiting = ({ run, values, seed }: PlannedRun): QueuedRun => ({
  run,
  values,
  seed,
  state: 'waiting',
});

function change(item: QueuedRun, by: Partial<QueuedRun>): void {
  const { queue } = get();
  if (!queue) return;
  const next = {
    ...queue,
    items: queue.items.map((one) => (one.run === item.run ? { ...one, ...by } : one)),
  };
  set({ queue: next });
  void write(KEY, versioned(next, migrations)).catch(() => undefined);
}

function say(item: QueuedRun): void {
  const items = get().queue?.items ?? [];
  const place = items.findIndex(({ run }) => run === item.run);
  const student = items[place]?.outcome?.student;
  const accuracy = student === undefined ? '' : `, ${percentage(student)}`;
  set({ said: `Run ${place + 1} of ${items.length} done: ${describeRun(item.run, defaultRun)}${accuracy}` });
}
