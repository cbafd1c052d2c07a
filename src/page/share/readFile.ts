import type { Archive } from '../../data/archives/archive';
import { openZip } from '../../data/archives/zip';
import { reasonOf } from '../../data/text';
import { InputError } from '../../files/folder';
import { readJson } from '../../files/json';
import { openSafetensors } from '../../files/safetensors';
import { type Manifest, paths, readManifest } from '../../run/distillery';
import type { DataPart, DroppedFile } from '../../worker/api';
import type { KeptRun } from '../runs/stored';
import { store } from '../store';
import { readView } from './link';
import type { Work } from './work';

/** It lists what else is in the file. */
const MOST_MANIFEST_BYTES = 2 ** 24;

/**
 * The work in a `.distillery` file. Data and models stay where they lie in it, until they are read.
 *
 * @throws InputError, beginning with the file's name, where it is none, or not whole
 */
export async function readFile(file: File): Promise<Work> {
  const { name } = file;
  const archive = await openZip(file, name);
  const list = await blobIn(archive, paths.manifest, name);
  if (!list)
    throw new InputError(
      `${name} has no ${paths.manifest}, so this page has not saved it; drop data and models as they are.`,
    );
  const where = `${name}, ${paths.manifest}`;
  const manifest = readManifest(await readJson(list, where, MOST_MANIFEST_BYTES), where);
  const { run, edited, concepts, teacherPrecision, view } = manifest;
  const runs = await runsIn(archive, name);
  const models = {
    teacher: await filesIn(archive, 'teacher', name),
    student: await filesIn(archive, 'student', name),
  };
  return {
    run,
    edited,
    concepts: concepts ?? store.getState().defaultConcepts,
    parts: await partsIn(archive, manifest, name),
    models: {
      ...(models.teacher.length > 0 && { teacher: models.teacher }),
      ...(models.student.length > 0 && { student: models.student }),
    },
    tensors: await filesIn(archive, paths.tensors, name),
    teacherPrecision,
    view: readView(view),
    trained: await trainedIn(archive, manifest, runs, name),
    runs,
  };
}

async function partsIn(archive: Archive, { parts }: Manifest, name: string): Promise<DataPart[]> {
  const read: DataPart[] = [];
  for (const [i, part] of parts.entries()) {
    const id = crypto.randomUUID();
    const files = 'hub' in part ? [] : await filesIn(archive, `${paths.data}/${i}`, name);
    if ('hub' in part) read.push({ id, hub: part.hub });
    else if (files.length > 0) read.push({ id, files });
    else
      throw new InputError(`${name} is not whole: it has no files under ${paths.data}/${i}; save it anew.`);
  }
  return read;
}

async function runsIn(archive: Archive, name: string): Promise<KeptRun[]> {
  const list = await blobIn(archive, paths.runs, name);
  if (!list) return [];
  // With what exports them, for which there is no need before.
  const { readRuns } = await import('../runs/importRuns');
  const { runs, problems } = await readRuns(new File([list], `${name}, ${paths.runs}`));
  if (problems.length > 0) throw new InputError(problems[0]);
  return runs;
}

async function trainedIn(
  archive: Archive,
  { trained }: Manifest,
  runs: KeptRun[],
  name: string,
): Promise<Work['trained']> {
  if (!trained) return undefined;
  const tensors = await blobIn(archive, paths.student, name);
  const run = runs.find(({ id }) => id === trained.runId);
  if (!tensors || !run || run.curves.step.length < trained.step)
    throw new InputError(
      `${name} is not whole: its trained student or the run of it is missing; save it anew.`,
    );
  await openSafetensors(tensors, `${name}, ${paths.student}`);
  return { student: { run: trained.runId, step: trained.step, tensors }, run };
}

/** The files of a folder in the archive, by their paths in it. */
async function filesIn(archive: Archive, folder: string, name: string): Promise<DroppedFile[]> {
  const prefix = `${folder}/`;
  const files: DroppedFile[] = [];
  for (const whole of archive.entries.keys()) {
    if (!whole.startsWith(prefix)) continue;
    const path = whole.slice(prefix.length);
    const blob = await blobIn(archive, whole, name);
    if (blob) files.push({ path, file: new File([blob], path.split('/').at(-1) ?? path) });
  }
  return files;
}

/** Of an entry that lies there as it is, a slice of the archive; nothing is read. */
async function blobIn(archive: Archive, path: string, name: string): Promise<Blob | undefined> {
  try {
    return await archive.entries.get(path)?.open();
  } catch (error) {
    throw new InputError(`${name}: ${path} can't be read: ${reasonOf(error)}.`);
  }
}
