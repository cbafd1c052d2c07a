import { proxy } from 'comlink';
import { create } from 'zustand';
import { demoRun } from '../run/demo';
import { type Run, runSchema } from '../run/schema';
import type { DroppedFile, Precision } from '../worker/api';
import { createEngine } from '../worker/client';
import { listenTo } from './events';
import { History } from './history';
import { sharedConcepts, sharedRun } from './share';
import type { State } from './state';

export const engine = createEngine();
export const history = new History();

/** The settings that the page opens with. */
export const defaultRun: Run = runSchema.parse(demoRun);

export const useStore = create<State>(() => ({
  session: 'idle',
  wantsPlay: false,
  isLoading: true,
  isDemo: true,
  groups: [],
  defaultConcepts: [],
  concepts: [],
  teacherPrecision: 'float32',
  run: defaultRun,
  loadedRun: defaultRun,
  version: 0,
  accuracies: [],
  past: [],
  progress: [],
  problems: [],
}));

const { getState: get, setState: set } = useStore;

/** True where the edited settings wait for a restart. */
export const isPending = (state: State): boolean => state.run !== state.loadedRun;

let problemCount = 0;

/** Shows what went wrong, in the words of the error. */
export function report(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  if (get().problems.some((problem) => problem.message === message)) return;
  set({ problems: [...get().problems, { id: ++problemCount, message }] });
}

export const dismiss = (id: number): void =>
  set({ problems: get().problems.filter((problem) => problem.id !== id) });

/** Commands that the engine has not answered yet. */
let commands = 0;

async function send<T>(command: Promise<T>): Promise<T> {
  commands++;
  try {
    return await command;
  } finally {
    commands--;
  }
}

const listener = listenTo({
  store: useStore,
  history,
  clear: clearCharts,
  isCommanded: () => commands > 0,
  report,
});

/** Starts the backend, opens the demo and loads the models; an early Play is honoured at the end. */
export async function boot(): Promise<void> {
  const isForced = new URLSearchParams(location.search).get('backend') === 'wasm';
  try {
    set({ run: sharedRun() ?? defaultRun });
  } catch (error) {
    report(error);
  }
  try {
    set({
      device: await engine.start(isForced ? 'wasm' : 'auto', proxy(listener)),
    });
    const { groups, defaultConcepts } = await engine.demoGroups();
    const concepts = sharedConcepts() ?? defaultConcepts;
    set({ groups, defaultConcepts, concepts, data: await engine.openDemo(concepts) });
    await load();
  } catch (error) {
    set({ isLoading: false });
    report(error);
  }
}

/** Builds models and data for the edited settings; step 0. What was learned so far goes to the list of runs. */
async function load(): Promise<void> {
  const { run, teacherPrecision } = get();
  const mine = ++loads;
  keepRun();
  set({ isLoading: true, loadedRun: run });
  try {
    const models = await send(engine.load(run, teacherPrecision));
    if (mine !== loads) return;
    set({ ...models, isLoading: false });
    // Edited while it loaded.
    if (isPending(get())) return load();
    if (get().wantsPlay) await send(engine.play());
  } catch (error) {
    // A later one has cut this one off.
    if (mine !== loads) return;
    set({ isLoading: false, wantsPlay: false });
    report(error);
  }
}

let loads = 0;

/** Puts the run so far into the list of runs and empties the charts. */
function keepRun(): void {
  const { loadedRun, data, metrics, accuracies, past } = get();
  const steps = metrics?.step ?? 0;
  const kept =
    steps > 0 ? [{ id: past.length, run: loadedRun, data: data?.name ?? '', steps, accuracies }] : [];
  set({ past: [...past, ...kept] });
  clearCharts();
}

/** Nothing learned yet. */
function clearCharts(): void {
  history.clear();
  set({ metrics: undefined, evaluation: undefined, accuracies: [], version: get().version + 1 });
}

async function play(): Promise<void> {
  const { session, isLoading } = get();
  set({ wantsPlay: true });
  if (isLoading) return;
  if (session === 'finished' || session === 'failed' || session === 'idle') await reset();
  else await send(engine.play()).catch(report);
}

async function pause(): Promise<void> {
  set({ wantsPlay: false });
  await send(engine.pause()).catch(report);
}

export const togglePlay = (): Promise<void> => (get().wantsPlay ? pause() : play());

export async function step(): Promise<void> {
  if (get().isLoading) return;
  set({ wantsPlay: false });
  await send(engine.step()).catch(report);
}

/** Back to step 0, with the edited settings. A running session goes on running from there. */
export async function reset(): Promise<void> {
  const { session, isLoading } = get();
  if (isLoading) return;
  set({ problems: [] });
  if (isPending(get()) || session === 'failed' || session === 'idle') return load();
  keepRun();
  try {
    await send(engine.reset());
    if (get().wantsPlay) await send(engine.play());
  } catch (error) {
    report(error);
  }
}

let soon: ReturnType<typeof setTimeout> | undefined;

/** Changes settings. Before the first step they apply at once; after it they wait for a restart. */
export function changeRun(change: Partial<Run>): void {
  const { loadedRun } = get();
  const run = { ...get().run, ...change };
  // Settings that are back where they were are no change.
  set({ run: JSON.stringify(run) === JSON.stringify(loadedRun) ? loadedRun : run });
  clearTimeout(soon);
  soon = setTimeout(() => {
    if (isPending(get()) && !get().metrics && !get().isLoading) void load();
  }, 400);
}

export const changeLoss = (change: Partial<Run['loss']>): void =>
  changeRun({ loss: { ...get().run.loss, ...change } });

export const changeTrain = (change: Partial<Run['train']>): void =>
  changeRun({ train: { ...get().run.train, ...change } });

/** Takes back edits that wait for a restart. */
export const undoChanges = (): void => set({ run: get().loadedRun });

/** Replaces the data by what `open` reads. The data in use stays where that fails. */
async function replaceData(open: () => Promise<Partial<State>>): Promise<void> {
  set({ problems: [] });
  try {
    const opened = await open();
    keepRun();
    set({ ...opened, wantsPlay: false });
    await load();
  } catch (error) {
    report(error);
  }
}

export const openData = (files: DroppedFile[]): Promise<void> =>
  replaceData(async () => ({ data: await engine.openData(files), isDemo: false }));

export const openDemo = (concepts: string[]): Promise<void> =>
  replaceData(async () => ({ data: await engine.openDemo(concepts), isDemo: true, concepts }));

export function setTeacherPrecision(teacherPrecision: Precision): Promise<void> {
  set({ problems: [], teacherPrecision });
  return load();
}

export async function openModel(role: 'teacher' | 'student', from: DroppedFile[] | string): Promise<void> {
  set({ problems: [] });
  try {
    const summary = await engine.openModel(role, from);
    changeRun({ [role]: summary.name });
    await load();
  } catch (error) {
    report(error);
  }
}
