import { proxy } from 'comlink';
import { createStore } from 'zustand/vanilla';
import type { BackendName, DeviceInfo } from '../device/info';
import { InputError } from '../files/folder';
import { demoRun } from '../run/demo';
import { type Run, runSchema } from '../run/schema';
import type { DataSummary, Precision } from '../worker/api';
import { rasteriseSvg } from '../worker/rasteriseSvg';
import { problemWith } from './change';
import { Controller, type LoadRequest } from './controller';
import { chosenBatch, fitBatch } from './data/fitBatch';
import { engine } from './engine';
import { listenTo } from './events';
import { plural } from './format';
import { copyOf, History } from './history';
import { precisionOn } from './models/precision';
import { keep, show } from './runs/kept';
import type { KeptRun } from './runs/stored';
import type { Linked } from './share/link';
import { isLoading, type State, wantsPlay } from './state';
import { record } from './undo/edits';

export const history = new History();

/** The settings that the page opens with. */
export const defaultRun: Run = runSchema.parse(demoRun);

export const store = createStore<State>(() => ({
  phase: 'loading',
  isDemo: true,
  parts: [],
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
  moments: [],
  captionDoubts: [],
  runId: crypto.randomUUID(),
  progress: [],
  problems: [],
}));

const { getState: get, setState: set } = store;

/** The learning rate can be set while a run is under way. */
const isUnderWay = ({ phase, metrics }: State): boolean =>
  metrics !== undefined && ['running', 'pausing', 'paused'].includes(phase);

/** The settings of a run as it goes on, to be edited. */
function editable({ train, ...others }: Run): Run {
  const { log, ...rest } = train;
  return { ...others, train: { ...rest, learningRate: log?.at(-1)?.learningRate ?? train.learningRate } };
}

/** True where the edited settings wait for a restart. */
export function isPending(state: State): boolean {
  const { run, loadedRun } = state;
  if (run === loadedRun) return false;
  const loaded = editable(loadedRun);
  const { learningRate } = (isUnderWay(state) ? run : loaded).train;
  return !isSame(editable(run), { ...loaded, train: { ...loaded.train, learningRate } });
}

const isSame = (a: Run, b: Run): boolean => JSON.stringify(a) === JSON.stringify(b);

/** True where a restart would train by other settings or on other data. */
export const wantsRestart = ({ run, loadedRun, isDataChanged }: State): boolean =>
  run !== loadedRun || isDataChanged;

/** The settings that the figure shows: those of the run under way, and before its first step those that are edited. */
export const shownRun = ({ metrics, run, loadedRun }: State): Run => (metrics ? loadedRun : run);

let problemCount = 0;

/** Shows what went wrong, in the words of the error, or what is to be known. */
export function report(error: unknown, isNotice = false): void {
  const message = error instanceof Error ? error.message : String(error);
  if (get().problems.some((problem) => problem.message === message)) return;
  set({ problems: [...get().problems, { id: ++problemCount, message, isNotice }] });
}

/** The settings with batches that the data can fill, of the chosen size where it can; a change is said. */
export function fitting(
  train: Run['train'],
  data: DataSummary,
  chosen = chosenBatch(train.batchSize),
): Run['train'] {
  const { images } = data.training;
  const batchSize = fitBatch(chosen, images);
  if (batchSize === train.batchSize) return train;
  const now = `Batches are of ${batchSize} images now, not of ${train.batchSize}`;
  report(`${now}: ${data.name} has ${plural(images, 'image')} to train on.`, true);
  return { ...train, batchSize };
}

export const dismiss = (id: number): void =>
  set({ problems: get().problems.filter((problem) => problem.id !== id) });

const controller = new Controller({ store, history, keep: keepRun, report });

/** Starts the engine of the moment, and hears what it says. */
export async function startEngine(backend: BackendName | 'auto', precision?: Precision): Promise<DeviceInfo> {
  const isForced = new URLSearchParams(location.search).get('backend') === 'wasm';
  const listener = listenTo({ store, controller, report, onDataChanged: fitToData });
  const device = await engine.start(isForced ? 'wasm' : backend, proxy(listener), proxy(rasteriseSvg));
  set({ device, teacherPrecision: precisionOn(device, precision) });
  return device;
}

/**
 * Starts the backend, opens the demo and loads the models, with what a link holds; an early Play is honoured at the end.
 */
export async function boot(linked?: Linked): Promise<void> {
  if (linked) set({ run: linked.run });
  try {
    await startEngine('auto', linked?.teacherPrecision);
    const { groups, defaultConcepts } = await engine.demoGroups();
    const concepts = linked?.concepts ?? defaultConcepts;
    set({ groups, defaultConcepts, concepts, data: await engine.openDemo(concepts, get().run.dataOptions) });
    await load();
  } catch (error) {
    set({ phase: 'failed' });
    report(error);
  }
}

/** Builds models and data for the edited settings; step 0. What was learned so far goes to the list of runs. */
export const load = (plays?: boolean): Promise<void> => tryLoad({ plays }).catch(report);

/** As `load`, but rejects where it fails. A trained student of the run goes on from where it stood. */
export async function tryLoad({ trained, plays }: Pick<LoadRequest, 'trained'> & { plays?: boolean } = {}) {
  await controller.load(() => ({ ...ofTheMoment(), trained, isOutdated }), plays);
}

/** Loads a run of a comparison and trains it, whatever is edited meanwhile. False where another took its place. */
export function tryRun(run: Run): Promise<boolean> {
  set({ run, problems: [] });
  return controller.load(ofTheMoment, true);
}

/** Edited before anything was learned, or more is known of the data than what was loaded. */
const isOutdated = (): boolean =>
  (isPending(get()) && !get().metrics) || (get().isDataChanged && !wantsPlay(get()));

/** The run of the moment goes, since other data has come. */
export const leaveRun = (): void => controller.leave();

/** The edited settings. Throws where the engine would refuse them. */
function ofTheMoment(): LoadRequest {
  const { run, teacherPrecision } = get();
  const problem = problemWith(run, get());
  if (problem) {
    if (isLoading(get())) set({ phase: 'failed' });
    throw new InputError(problem);
  }
  return { run, teacherPrecision };
}

/** Keeps the run so far, and shows it under the next one. */
function keepRun(): void {
  const run = runSoFar();
  if (!run) return;
  keep({ ...run, curves: copyOf(run.curves) });
  show(run.id);
}

/** The run so far; undefined before its first step. Its curves are views, out of date after the next step. */
export function runSoFar(): KeptRun | undefined {
  const { runId, loadedRun, data, device, teacher, student, evaluations } = get();
  if (history.length === 0) return undefined;
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

/**
 * Keeps the run so far, in place of an earlier state of it. False where it has no step yet. Its curves stay views, which
 * later steps only add to: copies of long ones are large.
 */
export function saveRun(): boolean {
  const run = runSoFar();
  if (run) keep(run);
  return run !== undefined;
}

/** Nothing was learned yet, and edits from a moment ago are still to be loaded. */
const isUnstarted = (): boolean => get().phase === 'ready' && !get().metrics && controller.isOutdated;

async function play(): Promise<void> {
  const { phase } = get();
  if (phase === 'finished' || phase === 'failed' || isUnstarted()) await restart(true);
  else await backToNow().then(() => controller.play().catch(report));
}
export const togglePlay = (): Promise<void> => (wantsPlay(get()) ? controller.pause().catch(report) : play());

export async function step(): Promise<void> {
  if (isLoading(get())) return;
  if (isUnstarted()) await load(false);
  await backToNow();
  await controller.step().catch(report);
}

/** Pauses, and shows the student as it was at a moment of the run; without one, as it is. */
export async function look(moment?: number): Promise<void> {
  await controller.look(moment);
  applyEdits();
}
const backToNow = async (): Promise<void> => (get().moment === undefined ? undefined : look().catch(report));

/** Back to step 0, with the edited settings. A running session goes on running from there. */
export const reset = (): Promise<void> => restart(wantsPlay(get()));

async function restart(plays: boolean): Promise<void> {
  if (isLoading(get())) return;
  set({ problems: [] });
  if (wantsRestart(get()) || get().phase === 'failed') await load(plays);
  else await controller.reset(plays).catch(report);
}

/** Of images that were looked into some may have gone. */
function fitToData(): void {
  const { run, data } = get();
  const train = data ? fitting(run.train, data) : run.train;
  if (train !== run.train) set({ run: { ...run, train } });
  loadUnstarted();
}

let soon: ReturnType<typeof setTimeout> | undefined;

/** Loads what has changed where nothing was learned yet; else it waits for a restart. */
function loadUnstarted(): void {
  if (isUnstarted()) void load();
}

/** Loads edits where nothing was learned yet; of a run under way the learning rate alone is set. */
function applyEdits(): void {
  loadUnstarted();
  const { run, loadedRun, moment } = get();
  // What is edited at an earlier moment is for a fork, until the page is back at now.
  if (moment !== undefined) return;
  const { learningRate } = run.train;
  if (!isUnderWay(get()) || !controller.isEditable) return;
  if (learningRate !== editable(loadedRun).train.learningRate)
    void controller.setLearningRate(learningRate).catch(report);
}

/**
 * Changes settings. Before the first step they apply at once; after it the learning rate does, and others wait for a
 * restart. What can't be trained by is refused with the reason.
 */
export function changeRun(change: Partial<Run>): void {
  const { run: before, loadedRun, concepts } = get();
  const edited = { ...before, ...change };
  const isSameRate = edited.train.learningRate === before.train.learningRate;
  // What was set while a run ran goes with another rate to begin with.
  const run = isSameRate ? edited : { ...edited, train: { ...edited.train, log: undefined } };
  const problem = newProblem(run);
  if (problem) {
    report(problem);
    return;
  }
  record({ run: before, concepts }, { run, concepts });
  // Settings that are back where they were are no change.
  set({ run: isSame(run, loadedRun) ? loadedRun : run });
  clearTimeout(soon);
  soon = setTimeout(applyEdits, 400);
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
export const discardChanges = (): void => changeRun(editable(get().loadedRun));
