import { makeZip } from 'client-zip';
import { counted } from '../../files/counted';
import { EXTENSION, paths, writeManifest } from '../../run/distillery';
import type { DroppedFile, Role } from '../../worker/api';
import { exportRuns } from '../runs/exportRuns';
import { keptStore } from '../runs/kept';
import { store } from '../store';
import { writeView } from './link';
import { markDropsSaved, markStudentSaved } from './saved';
import { present, type Work, without, withStudent } from './work';

/** What of the work that fits in no link goes into the file. */
export interface Choices {
  data: boolean;
  models: boolean;
  student: boolean;
  runs: boolean;
}

interface Entry {
  name: string;
  input: Blob;
}

interface SaveOptions {
  signal: AbortSignal;
  /** Hears of how many bytes of how many are packed. */
  onProgress: (done: number, total: number) => void;
}

/** The page's work as a `.distillery` file. What was dropped is read from the disk bit by bit, and kept nowhere whole. */
export async function saveFile(choices: Choices, { signal, onProgress }: SaveOptions): Promise<File> {
  const kept = without(present(), { data: !choices.data, models: !choices.models });
  // Without the data or the models that trained it, a student can't be trained on.
  const canGoOn = kept.run === store.getState().run;
  const work = choices.student && canGoOn ? await withStudent(kept) : kept;
  const entries = await entriesOf({ ...work, runs: choices.runs ? keptStore.getState().runs : [] });
  const total = entries.reduce((sum, { input }) => sum + input.size, 0);
  const stream = counted(makeZip(entries) as ReadableStream<Uint8Array<ArrayBuffer>>, (done) => {
    signal.throwIfAborted();
    // Beside the files, a zip has their names.
    onProgress(Math.min(done, total), total);
  });
  const zip = await new Response(stream).blob();
  if (choices.data && choices.models) markDropsSaved(work);
  if (work.trained) markStudentSaved(work.trained.run.id, work.trained.student.step);
  return new File([zip], nameOf(store.getState().data?.name ?? ''));
}

/** A name that every system takes. */
const nameOf = (data: string): string =>
  (data
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60) || 'work') + EXTENSION;

async function entriesOf(work: Work): Promise<Entry[]> {
  const { run, edited, concepts, parts, models, tensors, teacherPrecision, view, trained } = work;
  const { defaultConcepts } = store.getState();
  const isDefault = concepts.join() === defaultConcepts.join();
  const manifest = writeManifest({
    run,
    edited,
    concepts: isDefault ? undefined : concepts,
    parts: parts.map((part) => ('hub' in part ? { hub: part.hub } : { files: true as const })),
    teacherPrecision,
    view: writeView(view),
    trained: trained && { step: trained.student.step, runId: trained.run.id },
  });
  const runs = trained ? [trained.run, ...work.runs.filter(({ id }) => id !== trained.run.id)] : work.runs;
  const roles: Role[] = ['teacher', 'student'];
  return [
    { name: paths.manifest, input: new Blob([manifest]) },
    ...(runs.length > 0 ? [{ name: paths.runs, input: await exportRuns(runs, 'json') }] : []),
    ...(trained ? [{ name: paths.student, input: trained.student.tensors }] : []),
    ...parts.flatMap((part, i) => ('hub' in part ? [] : filesIn(`${paths.data}/${i}`, part.files))),
    ...roles.flatMap((role) => filesIn(role, models[role] ?? [])),
    ...filesIn(paths.tensors, tensors),
  ];
}

const filesIn = (folder: string, files: readonly DroppedFile[]): Entry[] =>
  files.map(({ path, file }) => ({ name: `${folder}/${path}`, input: file }));
