import { demoRun, demoStudent } from '../../run/demo';
import type { Run } from '../../run/schema';
import type { DataPart, DroppedFile, Precision, Role, TrainedStudent } from '../../worker/api';
import { replaceData } from '../data/actions';
import { remember } from '../data/remember';
import { engine } from '../engine';
import { copyOf } from '../history';
import { chosenStore } from '../inspect/chosen';
import { openBoxStore } from '../inspect/openBox';
import { showView, viewStore, views } from '../inspect/view';
import { droppedModels, droppedTensors, tensorKeys } from '../models/actions';
import { precisionOn } from '../models/precision';
import { keepImported } from '../runs/kept';
import type { KeptRun } from '../runs/stored';
import { fitting, runSoFar, store, tryLoad } from '../store';
import type { Linked, View } from './link';

const { getState: get, setState: set } = store;
const roles: Role[] = ['teacher', 'student'];

/** All that a person has done on the page: what a file keeps of it, and a link in part. */
export interface Work {
  run: Run;
  /** Settings that are edited and not yet in use. */
  edited?: Run;
  concepts: string[];
  /** What the data adds up from; the demo where there are none. */
  parts: DataPart[];
  /** The files of dropped checkpoints. */
  models: Partial<Record<Role, DroppedFile[]>>;
  /** The files of tensors that the run begins with. */
  tensors: DroppedFile[];
  teacherPrecision?: Precision;
  view: View;
  trained?: { student: TrainedStudent; run: KeptRun };
  /** Kept runs. */
  runs: KeptRun[];
}

/** The page's work as it is, without what was learned and kept. */
export function present(): Work {
  const { run, concepts, parts, teacherPrecision } = get();
  const models: Work['models'] = {};
  for (const role of roles) {
    const name = run[role];
    const files = typeof name === 'string' ? droppedModels[role].get(name) : undefined;
    if (files) models[role] = files;
  }
  const tensors = tensorKeys.flatMap((key) => droppedTensors.get(run[key] ?? '') ?? []);
  return { run, concepts, parts, models, tensors, teacherPrecision, view: currentView(), runs: [] };
}

/** The same with the student as trained so far, where it has learned anything. */
export async function withStudent(work: Work): Promise<Work> {
  const student = await engine.trainedStudent();
  const run = runSoFar();
  if (!student || student.step === 0 || student.run !== run?.id) return work;
  const trained = { student, run: { ...run, curves: copyOf(run.curves) } };
  const { loadedRun } = get();
  return { ...work, run: loadedRun, trained, ...(work.run !== loadedRun && { edited: work.run }) };
}

/** Work without its dropped data or models: the demo's stand in, and what was trained with them goes. */
export function without(work: Work, dropped: { data: boolean; models: boolean }): Work {
  const here = {
    data: dropped.data && work.parts.some((part) => 'files' in part),
    teacher: dropped.models && work.models.teacher !== undefined,
    student: dropped.models && work.models.student !== undefined,
    tensors: dropped.models && work.tensors.length > 0,
  };
  if (!here.data && !here.teacher && !here.student && !here.tensors) return work;
  const { trained, edited, ...others } = work;
  return {
    ...others,
    run: withoutDropped(edited ?? work.run, here),
    parts: here.data ? [] : work.parts,
    models: dropped.models ? {} : work.models,
    tensors: dropped.models ? [] : work.tensors,
  };
}

/**
 * A run without what was dropped, for which the demo's stands in.
 *
 * @param here what was dropped, and does not travel along
 */
export function withoutDropped(
  run: Run,
  here: { data: boolean; teacher: boolean; student: boolean; tensors: boolean },
): Run {
  const isCutHere = here.teacher && typeof run.student !== 'string' && 'from' in run.student;
  return {
    ...run,
    ...(here.data && { data: 'demo', dataOptions: demoRun.dataOptions }),
    teacher: here.teacher ? 'demo' : run.teacher,
    student: here.student || isCutHere ? demoStudent : run.student,
    ...(here.tensors && { teacherPrompts: undefined, heads: undefined, prompts: undefined }),
  };
}

/** The page as it is, as far as that fits into a link. */
export function linkedPresent(): Linked {
  const { defaultConcepts, device } = get();
  const { run, concepts, parts, teacherPrecision, view } = without(present(), { data: true, models: true });
  const isDefault = concepts.join() === defaultConcepts.join();
  return {
    run,
    concepts: isDefault ? undefined : concepts,
    hubs: parts.flatMap((part) => ('hub' in part ? [part.hub] : [])),
    // What is best on this device need not be on another one.
    teacherPrecision: device && teacherPrecision !== precisionOn(device) ? teacherPrecision : undefined,
    view,
  };
}

export const linkedWork = ({ run, concepts, hubs, teacherPrecision, view }: Linked): Work => ({
  run,
  concepts: concepts ?? get().defaultConcepts,
  parts: hubs.map((hub) => ({ id: crypto.randomUUID(), hub })),
  models: {},
  tensors: [],
  teacherPrecision,
  view,
  runs: [],
});

/**
 * Puts work in place of the page's own. Rejects where that fails; then the page's own is back.
 *
 * @param isWanted whether that is still so: what has another engine since is not to be disturbed
 */
export async function enter(work: Work, isWanted = () => true): Promise<void> {
  const { run: own } = get();
  const before = get().metrics ? await withStudent(present()) : present();
  try {
    await replace(work);
  } catch (error) {
    if (isWanted() && get().run !== own) await replace(before);
    throw error;
  }
  keepImported(work.runs);
}

async function replace(work: Work): Promise<void> {
  const { concepts, parts, models, trained } = work;
  for (const role of roles) {
    const files = models[role];
    if (files) droppedModels[role].set((await engine.openModel(role, files)).name, files);
  }
  for (const file of work.tensors) {
    await engine.openTensors(file);
    droppedTensors.set(file.path, file);
  }
  const isReplaced = await replaceData(parts, async () => {
    const { dataOptions = {} } = work.run;
    const isDemo = parts.length === 0;
    const data = isDemo
      ? await engine.openDemo(concepts, dataOptions)
      : await engine.openData(parts, dataOptions);
    if (!isDemo) void remember(data.name, parts, dataOptions);
    const { train } = work.run;
    const run = { ...work.run, train: fitting(train, data, train.batchSize) };
    return { data, run, concepts, isDemo, teacherPrecision: precisionOf(work) };
  });
  if (!isReplaced) throw new Error('Opening was cancelled; everything is as it was.');
  set({ remembered: undefined, unlabelled: undefined });
  await tryLoad({ trained });
  if (work.edited) set({ run: work.edited });
  open(work.view);
}

const precisionOf = ({ teacherPrecision }: Work): Precision => {
  const { device } = get();
  return device ? precisionOn(device, teacherPrecision) : 'float32';
};

const currentView = (): View => ({
  box: openBoxStore.getState().box,
  image: chosenStore.getState().image,
  view: viewStore.getState().view,
});

/** Opens on the page what was open there. */
export function open({ box, image, view }: View): void {
  openBoxStore.setState({ box });
  chosenStore.setState({ image });
  showView(view ?? views[0][0]);
}
