import { createStore } from 'zustand/vanilla';
import type { Run } from '../../run/schema';

/** What can be edited and taken back: of the run its method, loss, training and new student. */
export interface Settings {
  run: Run;
  concepts: string[];
}

interface Edit {
  before: Settings;
  after: Settings;
  /** Which press of a key or pointer it came from: all that comes from one is one edit. */
  gesture: number;
}

/** The latest edits last, those that were taken back the latest last. */
export const editsStore = createStore<{ past: Edit[]; future: Edit[] }>(() => ({ past: [], future: [] }));

const MOST_EDITS = 200;

let gesture = 0;
let isRecording = true;

/** To be called when a key or the pointer goes down. */
export function beginGesture(): void {
  gesture++;
}

/** Does what is to be no edit itself. */
export function unrecorded<T>(work: () => T): T {
  isRecording = false;
  try {
    return work();
  } finally {
    isRecording = true;
  }
}

/** Keeps an edit. The steps of one drag are one, and none where it ends where it began. */
export function record(before: Settings, after: Settings): void {
  const paths = changedPaths(before, after);
  if (!isRecording || paths.length === 0) return;
  const { past } = editsStore.getState();
  const last = past.at(-1);
  const goesOn = last?.gesture === gesture && same(changedPaths(last.before, last.after), paths);
  const edit = { before: goesOn ? last.before : before, after, gesture };
  const others = goesOn ? past.slice(0, -1) : past;
  const isEdit = changedPaths(edit.before, after).length > 0;
  editsStore.setState({ past: (isEdit ? [...others, edit] : others).slice(-MOST_EDITS), future: [] });
}

/**
 * The place of the last edit of which `side` is how things are now: what was set otherwise since can't be taken back
 * with it. -1 where there is none.
 */
export const lastHolding = (edits: readonly Edit[], now: Settings, side: 'before' | 'after'): number =>
  edits.findLastIndex((edit) => {
    const other = edit[side === 'before' ? 'after' : 'before'];
    return changedPaths(now, applied(now, other, edit[side])).length === 0;
  });

/** `now` with what `to` has otherwise than `from`. */
export function applied(now: Settings, from: Settings, to: Settings): Settings {
  const paths = new Set(changedPaths(from, to));
  const { run } = now;
  return {
    run: {
      ...run,
      method: paths.has('method') ? to.run.method : run.method,
      student: paths.has('student') ? to.run.student : run.student,
      loss: merged('loss', run.loss, to.run.loss, paths),
      train: merged('train', run.train, to.run.train, paths),
    },
    concepts: paths.has('concepts') ? to.concepts : now.concepts,
  };
}

function merged<T extends object>(name: string, now: T, to: T, paths: ReadonlySet<string>): T {
  const values = new Map<string, unknown>(Object.entries(to));
  const keys = [...paths]
    .filter((path) => path.startsWith(`${name}.`))
    .map((path) => path.slice(name.length + 1));
  return { ...now, ...Object.fromEntries(keys.map((key) => [key, values.get(key)])) };
}

/** Where two settings differ: 'method', 'train.learningRate', and so on. A checkpoint as the student is none of them. */
function changedPaths(a: Settings, b: Settings): string[] {
  const [mine, theirs] = [leaves(a), leaves(b)];
  const isNew = typeof a.run.student !== 'string' && typeof b.run.student !== 'string';
  const paths = [...new Set([...mine.keys(), ...theirs.keys()])];
  return paths.filter((path) => !same(mine.get(path), theirs.get(path)) && (path !== 'student' || isNew));
}

function leaves({ run: { method, student, loss, train }, concepts }: Settings): Map<string, unknown> {
  return new Map<string, unknown>([
    ['method', method],
    ['student', student],
    ['concepts', concepts],
    ...Object.entries(loss).map(([key, value]) => [`loss.${key}`, value] as const),
    ...Object.entries(train).map(([key, value]) => [`train.${key}`, value] as const),
  ]);
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
