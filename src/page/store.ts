import { proxy } from 'comlink';
import { createStore } from 'zustand/vanilla';
import type { DeviceInfo } from '../device/info';
import { InputError } from '../files/folder';
import { demoRun } from '../run/demo';
import { type Run, runSchema } from '../run/schema';
import type { Precision, TrainedStudent } from '../worker/api';
import { rasteriseSvg } from '../worker/rasteriseSvg';
import { problemWith } from './change';
import { engine } from './engine';
import { listenTo } from './events';
import { copyOf, History, metricsAt } from './history';
import { type KeptRun, keep, show } from './runs/kept';
import type { Linked } from './share/link';
import type { State } from './state';
import { record } from './undo/edits';

export const history = new History();

/** The settings that the page opens with. */
export const defaultRun: Run = runSchema.parse(demoRun);

export const store = createStore<State>(() => ({
  session: 'idle',
  wantsPlay: false,
  isLoading: true,
  isDemo: true,
  parts: [],
  isOpening: false,
  isOpeningModel: false,
  hubAccess: { hasToken: false },
  imagesVersion: 0,
  isDataChanged: false,
  groups: [],
  defaultConcepts: [],
  concepts: [],
  teacherPrecision: 'float32',
  run: defaultRun,
  loadedRun: defaultRun,
  version: 0,
  evaluations: [],
  runId: crypto.randomUUID(),
  progress: [],
  problems: [],
}));

const { getState: get, setState: set } = store;

/** True where the edited settings wait for a restart. */
export const isPending = (state: State): boolean => state.run !== state.loadedRun;

/** True where a restart would train by other settings or on other data. */
export const wantsRestart = (state: State): boolean => isPending(state) || state.isDataChanged;

let problemCount = 0;

/** Shows what went wrong, in the words of the error, or what is to be known. */
export function report(error: unknown, isNotice = false): void {
  const message = error instanceof Error ? error.message : String(error);
  if (get().problems.some((problem) => problem.message === message)) return;
  set({ problems: [...get().problems, { id: ++problemCount, message, isNotice }] });
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
  store: store,
  history,
  clear: clearCharts,
  isCommanded: () => commands > 0,
  report,
  onDataChanged: loadUnstarted,
});

/**
 * Starts the backend, opens the demo and loads the models, with what a link holds; an early Play is honoured at the end.
 */
export async function boot(linked?: Linked): Promise<void> {
  const isForced = new URLSearchParams(location.search).get('backend') === 'wasm';
  if (linked) set({ run: linked.run });
  try {
    const device = await engine.start(isForced ? 'wasm' : 'auto', proxy(listener), proxy(rasteriseSvg));
    set({ device, teacherPrecision: precisionOn(device, linked?.teacherPrecision) });
    const { groups, defaultConcepts } = await engine.demoGroups();
    const concepts = linked?.concepts ?? defaultConcepts;
    set({ groups, defaultConcepts, concepts, data: await engine.openDemo(concepts) });
    await load();
  } catch (error) {
    set({ isLoading: false, session: 'failed' });
    report(error);
  }
}

/** How the teacher's weights are to lie on a device: as wanted, where it can. */
export function precisionOn({ hasFloat16, isSoftware }: DeviceInfo, wanted?: Precision): Precision {
  // A graphics processor reads a frozen tower's weights faster where they are half as large.
  const best = isSoftware ? 'float32' : 'float16';
  return hasFloat16 ? (wanted ?? best) : 'float32';
}

/** Builds models and data for the edited settings; step 0. What was learned so far goes to the list of runs. */
export const load = (): Promise<void> => tryLoad().catch(report);

/** As `load`, but rejects where it fails. A trained student of the run goes on from where it stood. */
export async function tryLoad(trained?: TrainedStudent): Promise<void> {
  const { run, teacherPrecision, isDataChanged, imagesVersion } = get();
  const problem = problemWith(run, get());
  if (problem) {
    set({ isLoading: false, wantsPlay: false });
    throw new InputError(problem);
  }
  const mine = ++loads;
  keepRun();
  set({
    isLoading: true,
    loadedRun: run,
    isDataChanged: false,
    // Changed data comes into use now.
    imagesVersion: isDataChanged ? imagesVersion + 1 : imagesVersion,
  });
  try {
    const models = await send(engine.load(run, teacherPrecision, trained));
    if (mine !== loads) return;
    set({ ...models, isLoading: false });
    // Edited while it loaded, or more is known of the data.
    if (isPending(get()) || (get().isDataChanged && !get().wantsPlay)) return tryLoad();
    if (get().wantsPlay) await send(engine.play());
  } catch (error) {
    // A later one has cut this one off.
    if (mine !== loads) return;
    set({ isLoading: false, wantsPlay: false });
    throw error;
  }
}

let loads = 0;

/** Fills the charts with the first steps of a run whose student was loaded as it was trained then. */
export function restoreRun({ id, startedAt, curves, evaluations }: KeptRun, steps: number): void {
  const last = Math.min(steps, curves.step.length);
  history.restore(curves, last, startedAt);
  const metrics = metricsAt(curves, last);
  const before = evaluations.filter(({ step }) => step < last);
  set((state) => ({
    runId: id,
    metrics,
    // The last one was measured anew when it was loaded.
    evaluations: [...before, ...state.evaluations.filter(({ step }) => step >= last)],
    version: state.version + 1,
  }));
}

/** Keeps the run so far, shows it under the next one and empties the charts. */
export function keepRun(): void {
  const { runId } = get();
  if (saveRun()) show(runId);
  clearCharts();
}

/** The run so far; undefined before its first step. Its curves are views, out of date after the next step. */
export function runSoFar(): KeptRun | undefined {
  const { runId, loadedRun, data, device, teacher, student, evaluations } = get();
  // Steps of an earlier run may come after its end; a run begins with its first.
  if (history.column('step')[0] !== 1) return undefined;
  const nameOf = (model: typeof teacher) => (model ? `${model.name}, ${model.description}` : '');
  return {
    id: runId,
    startedAt: history.startedAt,
    run: loadedRun,
    data: data?.name ?? '',
    device: device?.description ?? '',
    teacher: nameOf(teacher),
    student: nameOf(student),
    curves: history.columns(),
    evaluations,
  };
}

/** Keeps the run so far, in place of an earlier state of it. False where it has no step yet. */
export function saveRun(): boolean {
  const run = runSoFar();
  if (run) keep({ ...run, curves: copyOf(run.curves) });
  return run !== undefined;
}

/** Nothing learned yet. */
function clearCharts(): void {
  history.clear();
  set({
    metrics: undefined,
    evaluation: undefined,
    evaluations: [],
    runId: crypto.randomUUID(),
    version: get().version + 1,
  });
}

/** Nothing was learned yet, and edits from a moment ago are still to be loaded. */
const isUnstarted = (): boolean => !get().metrics && wantsRestart(get());

async function play(): Promise<void> {
  const { session, isLoading } = get();
  set({ wantsPlay: true });
  if (isLoading) return;
  if (session === 'finished' || session === 'failed' || session === 'idle' || isUnstarted()) await reset();
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
  if (isUnstarted()) await load();
  await send(engine.step()).catch(report);
}

/** Back to step 0, with the edited settings. A running session goes on running from there. */
export async function reset(): Promise<void> {
  const { session, isLoading } = get();
  if (isLoading) return;
  set({ problems: [] });
  if (wantsRestart(get()) || session === 'failed' || session === 'idle') return load();
  keepRun();
  try {
    await send(engine.reset());
    if (get().wantsPlay) await send(engine.play());
  } catch (error) {
    report(error);
  }
}

let soon: ReturnType<typeof setTimeout> | undefined;

/** Loads changed data where nothing was learned yet; else it waits for a restart. */
function loadUnstarted(): void {
  const { metrics, wantsPlay, isLoading } = get();
  if (!metrics && !wantsPlay && !isLoading) void load();
}

/**
 * Changes settings. Before the first step they apply at once; after it they wait for a restart. What can't be trained
 * by is refused with the reason.
 */
export function changeRun(change: Partial<Run>): void {
  const { run: before, loadedRun, concepts } = get();
  const run = { ...before, ...change };
  const problem = newProblem(run);
  if (problem) {
    report(problem);
    return;
  }
  record({ run: before, concepts }, { run, concepts });
  // Settings that are back where they were are no change.
  set({ run: JSON.stringify(run) === JSON.stringify(loadedRun) ? loadedRun : run });
  clearTimeout(soon);
  soon = setTimeout(() => {
    if (isPending(get()) && !get().metrics && !get().isLoading) void load();
  }, 400);
}

/** Why the engine would refuse a run; undefined where it would not, or not more than the settings of now. */
export function newProblem(run: Run): string | undefined {
  const problem = problemWith(run, get());
  return problem === problemWith(get().run, get()) ? undefined : problem;
}

export const changeLoss = (change: Partial<Run['loss']>): void =>
  changeRun({ loss: { ...get().run.loss, ...change } });

export const changeTrain = (change: Partial<Run['train']>): void =>
  changeRun({ train: { ...get().run.train, ...change } });

/** Takes back all edits that wait for a restart. */
export const discardChanges = (): void => changeRun(get().loadedRun);
