import { demoRun } from '../../run/demo';
import type { Run } from '../../run/schema';
import type { DataOptions, DataPart, DroppedFile } from '../../worker/api';
import { engine } from '../engine';
import type { State } from '../state';
import { fitting, leaveRun, load, report, store } from '../store';
import { record } from '../undo/edits';
import { readDrop } from './readDrop';
import { forget, keepHandles, recall, remember, reopenParts } from './remember';

const { getState: get, setState: set } = store;

/** What dropped data begins with: accuracy is to be measured on images that were not trained on. */
const firstOptions: DataOptions = { testShare: 0.2 };

/** As the data in use is read, but for the demo's own options. */
const currentOptions = (): DataOptions => {
  const { data, dataOptions = firstOptions } = get().run;
  return data === 'demo' ? firstOptions : dataOptions;
};

let lastReading: Promise<unknown> = Promise.resolve();

/**
 * Replaces the data by what `read` answers; models are to be loaded then. An earlier reading is cut off. The data in use
 * stays where this one fails, or, which is false, is cut off itself.
 */
export async function replaceData(parts: DataPart[], read: () => Promise<Partial<State>>): Promise<boolean> {
  cancelOpening();
  const mine = { parts };
  const isMine = () => get().opening === mine;
  set({ problems: [], opening: mine });
  const turn = lastReading.then(async () => {
    if (!isMine()) return false;
    try {
      const opened = await read();
      leaveRun();
      set({ ...opened, parts });
      return true;
    } catch (error) {
      // What was cut off has left its bar.
      set({ progress: [] });
      if (isMine()) throw error;
      return false;
    } finally {
      if (isMine()) set({ opening: undefined });
    }
  });
  lastReading = turn.catch(() => {});
  return turn;
}

/** Stops the reading of data. */
export function cancelOpening(): void {
  if (!get().opening) return;
  set({ opening: undefined });
  void engine.cancelOpening();
}

async function openParts(
  parts: DataPart[],
  dataOptions: DataOptions,
  train = get().run.train,
): Promise<void> {
  const isReplaced = await replaceData(parts, async () => {
    const data = await engine.openData(parts, dataOptions);
    void remember(data.name, parts, dataOptions);
    const name = parts.length === 1 && 'hub' in parts[0] ? parts[0].hub : data.name;
    const run: Run = { ...get().run, data: name, dataOptions, train: fitting(train, data) };
    // A teacher that was adapted to classes reads no captions.
    if (data.classes.length === 0) run.teacherPrompts = undefined;
    return { data, run, isDemo: false, remembered: undefined, unlabelled: undefined };
  });
  if (isReplaced) await load();
}

/** Adds a drop or a data set of the hub to the data in use, or to what is being read; takes the demo's place. */
async function addPart(part: DataPart): Promise<void> {
  const { isDemo, parts, opening } = get();
  const before = opening?.parts ?? (isDemo ? [] : parts);
  const all = [...before, part];
  set({ unlabelled: undefined });
  try {
    await openParts(all, currentOptions());
  } catch (error) {
    if (error instanceof Error && error.name === 'NeedsClasses')
      set({ unlabelled: { parts: all, message: error.message } });
    else report(error);
  }
}

export const addFiles = (files: DroppedFile[], id: string = crypto.randomUUID()): Promise<void> =>
  addPart({ id, files });

export const addHub = (hub: string): Promise<void> => addPart({ id: crypto.randomUUID(), hub });

export async function addDrop(transfer: DataTransfer): Promise<void> {
  const id = crypto.randomUUID();
  keepHandles(id, transfer);
  try {
    await addFiles(await readDrop(transfer), id);
  } catch (error) {
    report(error);
  }
}

/** Without its last part, the demo is back. */
export async function removePart(id: string): Promise<void> {
  const { parts, run, concepts } = get();
  const others = parts.filter((part) => part.id !== id);
  if (others.length === 0) return openDemo(concepts);
  await openParts(others, run.dataOptions ?? {}).catch(report);
}

/** Reads the images that came alone, with what may be in them. Rejects where that fails. */
export function learnUnlabelled(classes: string[]): Promise<void> {
  return openParts(get().unlabelled?.parts ?? [], { ...currentOptions(), classes });
}

export function dismissUnlabelled(): void {
  cancelOpening();
  set({ unlabelled: undefined });
}

/** Reads the same parts otherwise, and trains as `train` says. Rejects where that fails; then nothing has changed. */
export const applyReview = (dataOptions: DataOptions, train: Run['train']): Promise<void> =>
  openParts(get().parts, dataOptions, train);

/** Other concepts of the demo, which can be taken back, with labels on so many pictures of each; on all where undefined. */
export function chooseConcepts(concepts: string[], labelsPerClass: number | undefined): Promise<void> {
  const { run, isDemo, concepts: before } = get();
  if (isDemo) record({ run, concepts: before }, { run, concepts });
  return openDemo(concepts, { labelsPerClass });
}

/** @param dataOptions as they are where the demo is there already, else its own */
export async function openDemo(
  concepts: string[],
  dataOptions = get().isDemo ? get().run.dataOptions : demoRun.dataOptions,
): Promise<void> {
  try {
    const isReplaced = await replaceData([], async () => {
      const data = await engine.openDemo(concepts, dataOptions);
      const train = fitting(get().run.train, data);
      const run = { ...get().run, data: 'demo', dataOptions, train };
      return { data, concepts, isDemo: true, run };
    });
    if (isReplaced) await load();
  } catch (error) {
    report(error);
  }
}

/** Offers the data of the last visit. */
export async function offerRemembered(): Promise<void> {
  set({ remembered: (await recall())?.name });
}

export function dismissRemembered(): void {
  set({ remembered: undefined });
  void forget();
}

/** Opens the data of the last visit again. */
export async function reopen(): Promise<void> {
  try {
    const remembered = await recall();
    if (remembered) await openParts(await reopenParts(remembered), remembered.dataOptions);
  } catch (error) {
    report(error);
  }
}
