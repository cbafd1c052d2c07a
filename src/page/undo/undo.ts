import { openDemo } from '../data/actions';
import { editInWords } from '../describeRun';
import { plural } from '../format';
import { loadModels } from '../models/actions';
import { changeRun, report, store } from '../store';
import { applied, editsStore, lastHolding, type Settings, unrecorded } from './edits';

export type Direction = 'undo' | 'redo';

/** Takes the latest edit back, or makes the one anew that was taken back last. What it said, in words; undefined without. */
export function travel(direction: Direction): string | undefined {
  const { past, future } = editsStore.getState();
  const edits = direction === 'undo' ? past : future;
  const at = placeOf(direction);
  const edit = edits[at];
  if (!edit) return undefined;
  const rest = edits.slice(0, at);
  editsStore.setState(
    direction === 'undo'
      ? { past: rest, future: [...future, edit] }
      : { past: [...past, edit], future: rest },
  );
  const { before, after } = edit;
  put(direction === 'undo' ? applied(now(), after, before) : applied(now(), before, after));
  return words(edit);
}

/** What would be taken back or made anew, in words: 'learning rate 0.001 → 0.01'. */
export function next(direction: Direction): string | undefined {
  const { past, future } = editsStore.getState();
  const edit = (direction === 'undo' ? past : future)[placeOf(direction)];
  return edit && words(edit);
}

function placeOf(direction: Direction): number {
  const { past, future } = editsStore.getState();
  return direction === 'undo' ? lastHolding(past, now(), 'after') : lastHolding(future, now(), 'before');
}

function now(): Settings {
  const { run, concepts } = store.getState();
  return { run, concepts };
}

function words({ before, after }: { before: Settings; after: Settings }): string {
  const chosen = [before, after].map(({ concepts }) => concepts.length);
  if (before.concepts.join() === after.concepts.join()) return editInWords(before.run, after.run);
  return `${plural(chosen[0], 'concept')} → ${chosen[0] === chosen[1] ? 'others' : chosen[1]}`;
}

/** As the edit itself did: concepts and a student apply at once, other settings wait for a restart where there is a run. */
function put({ run, concepts }: Settings): void {
  const before = now();
  if (JSON.stringify(run.student) !== JSON.stringify(before.run.student))
    void unrecorded(() => loadModels(run)).catch(report);
  else unrecorded(() => changeRun(run));
  if (concepts.join() !== before.concepts.join()) void openDemo(concepts);
}
