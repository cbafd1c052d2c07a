import { type Run, trainedParameters } from '../../run/schema';
import type { DroppedFile, Precision, Role } from '../../worker/api';
import { engine } from '../engine';
import { changeRun, load, store, tryLoad } from '../store';

const { getState: get, setState: set } = store;

/** The files of dropped checkpoints, by the names that a run calls them. */
export const droppedModels: Record<Role, Map<string, DroppedFile[]>> = {
  teacher: new Map(),
  student: new Map(),
};

/** The tensor files that runs name, by these names. */
export const droppedTensors = new Map<string, DroppedFile>();

/** What of a run names a file of tensors. */
export const tensorKeys = ['teacherPrompts', 'heads', 'prompts'] as const;

type TensorKey = (typeof tensorKeys)[number];

/** The chosen teacher or student, or both, and what they begin with. */
type Models = Partial<Pick<Run, 'teacher' | 'student' | 'train' | TensorKey>>;

/** Takes a file of tensors for a run to begin with, and trains anew. Rejects where that fails; then all stays as it is. */
export async function openTensors(key: TensorKey, file: DroppedFile): Promise<void> {
  await engine.openTensors(file);
  droppedTensors.set(file.path, file);
  await loadModels({ [key]: file.path });
}

/** Trains anew with the teacher as it was before it was adapted. */
export const leaveTeacherPrompts = (): Promise<void> => loadModels({ teacherPrompts: undefined });

/** Takes a checkpoint and trains anew. Rejects where that fails or is cancelled; then the models in use stay. */
export async function openModel(role: Role, from: DroppedFile[] | string): Promise<void> {
  set({ problems: [] });
  // Without it the browser may delete what is stored when the disk fills up.
  if (typeof from === 'string') void navigator.storage?.persist();
  try {
    const { name, layers } = await engine.openModel(role, from);
    if (typeof from !== 'string') droppedModels[role].set(name, from);
    const { student } = get().run;
    const isCut = role === 'teacher' && typeof student !== 'string' && 'from' in student;
    const models: Models = isCut
      ? { teacher: name, student: { ...student, layers: Math.min(student.layers, layers), width: undefined } }
      : { [role]: name };
    // Prompts are a teacher's own.
    await loadModels(role === 'teacher' ? { ...models, teacherPrompts: undefined } : models);
  } catch (error) {
    // What was cut off has left its bar.
    set({ progress: [] });
    throw error;
  }
}

/** Trains anew with a student of the page's own: all of it from random weights, prompts and projector where it has learnt before. */
export function takeStudent(student: Run['student']): Promise<void> {
  const { run } = get();
  if (typeof student === typeof run.student) return loadModels({ student });
  const { parameters, ...train } = run.train;
  const { method } = run;
  return loadModels({
    student,
    train: { ...train, parameters: trainedParameters({ train, student, method }) },
  });
}

export const cancelModel = (): void => void engine.cancelModel();

/** Trains anew with other models. Rejects where they can't be loaded, after those before are back. */
export async function loadModels(models: Models): Promise<void> {
  const before = get().run;
  changeRun(models);
  try {
    await tryLoad();
  } catch (error) {
    set({ run: before, progress: [] });
    await load();
    throw error;
  }
}

export function setTeacherPrecision(teacherPrecision: Precision): Promise<void> {
  set({ problems: [], teacherPrecision });
  return load();
}

/** What is left out stays as it is; an empty text forgets it. The token itself stays with the engine. */
export async function setHubAccess(access: { endpoint?: string; token?: string }): Promise<void> {
  await engine.setHubAccess(access);
  const { hubAccess } = get();
  const { endpoint = hubAccess.endpoint, token } = access;
  const hasToken = token === undefined ? hubAccess.hasToken : token !== '';
  set({ hubAccess: { endpoint: endpoint || undefined, hasToken } });
}
