import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Checkpoint, loadCheckpoint } from '../clip/checkpoint';
import { randomCheckpoint } from '../clip/initialise';
import type { Dataset } from '../data/dataset';
import { openDemo } from '../data/demo';
import { ImageStore } from '../data/images/images';
import { renderWith } from '../data/images/render';
import { importDataset } from '../data/import';
import type { DataOptions } from '../data/options';
import { trainingCounts } from '../data/splits/batches';
import { readTeacherPrompts } from '../distill/promptsrc/prompts';
import { readTensorFile } from '../distill/tensorFile';
import type { FileSource, OnProgress } from '../files/folder';
import { readJson } from '../files/json';
import { remoteCheckpoint } from '../hub/model';
import { isHubDataset, isHubId, isWebAddress } from '../hub/place';
import { type AdaptRun, adaptSettings } from '../run/adaptSchema';
import { PRETRAINED } from '../run/demo';
import type { Run } from '../run/schema';
import { settleRun } from '../run/settle';
import { modelFacts, newStudent } from '../run/student';
import type { AdaptationInputs } from '../train/adaptation';
import type { ExperimentInputs } from '../train/experiment';
import type { PretrainingInputs } from '../train/pretraining';
import { dataFolder } from './data';
import { decodeImage, examineImage } from './decode';
import { diskFile, diskFolder } from './disk';
import { remoteOptions } from './diskStore';

const demoFolder = fileURLToPath(new URL('../../public/demo', import.meta.url));

/** Opens all that a run names; its paths are absolute. */
export async function openRun(run: Run, onProgress: OnProgress): Promise<ExperimentInputs> {
  const teacher = await openCheckpoint(run.teacher, { onProgress, text: true });
  const student =
    typeof run.student === 'string'
      ? await openCheckpoint(run.student, { onProgress, text: 'if present' })
      : newStudent(run.student, teacher);
  const heads = run.heads === undefined ? undefined : await openTensors(run.heads);
  const prompts = run.prompts === undefined ? undefined : await openTensors(run.prompts);
  const dataset = await openData(run.data, run.dataOptions ?? {}, onProgress);
  const facts = { name: dataset.name, training: trainingCounts(dataset) };
  const { method, loss, train } = settleRun(run, facts, modelFacts(teacher));
  const teacherPrompts =
    run.teacherPrompts === undefined
      ? undefined
      : readTeacherPrompts(await openTensors(run.teacherPrompts), teacher.config);
  const images = imageStore(dataset);
  return { teacher, teacherPrompts, student, heads, prompts, dataset, images, method, loss, train };
}

/** As `openRun`, of Stage I. */
export async function openAdaptRun(run: AdaptRun, onProgress: OnProgress): Promise<AdaptationInputs> {
  const teacher = await openCheckpoint(run.teacher, { onProgress, text: true });
  const prompts = run.prompts === undefined ? undefined : await openTensors(run.prompts);
  const dataset = await openData(run.data, run.dataOptions ?? {}, onProgress);
  return { teacher, prompts, dataset, images: imageStore(dataset), ...adaptSettings(run) };
}

/** Opens all that a run without a teacher names. */
export async function openPretraining(run: Run, onProgress: OnProgress): Promise<PretrainingInputs> {
  const { student } = run;
  if (typeof student !== 'string' && 'from' in student) throw new Error('parseRun lets none through.');
  const checkpoint =
    typeof student === 'string'
      ? await openCheckpoint(student, { onProgress, text: true })
      : randomCheckpoint(student.config, student.seed, 'student.config');
  const dataset = await openData(run.data, run.dataOptions ?? {}, onProgress);
  const facts = { name: dataset.name, training: trainingCounts(dataset) };
  const { method, loss, train } = settleRun(run, facts);
  return { student: checkpoint, dataset, images: imageStore(dataset), method, loss, train };
}

/** The checkpoint in a folder, on the hub (`owner/name`), at a web address, or the demo's teacher or pretrained student. */
export async function openCheckpoint(
  place: string,
  options: { onProgress: OnProgress; text: boolean | 'if present' },
): Promise<Checkpoint> {
  return loadCheckpoint(await checkpointSource(place, options.onProgress), options);
}

async function checkpointSource(place: string, onProgress: OnProgress): Promise<FileSource> {
  if (place === 'demo') return diskFolder(path.join(demoFolder, 'teacher'));
  if (place === PRETRAINED) return diskFolder(path.join(demoFolder, 'student'));
  if (isWebAddress(place) || (isHubId(place) && !fs.existsSync(place)))
    return remoteCheckpoint(place, onProgress, remoteOptions());
  return diskFolder(place);
}

/** Image-text data at a path, or the demo's, of which the concepts, prompt template, few shots and labels can be others. */
export async function openData(
  place: string,
  options: DataOptions,
  onProgress: OnProgress,
): Promise<Dataset> {
  if (place === 'demo') return openDemo(await diskFolder(demoFolder), options);
  const importOptions = { examine: examineImage, dataOptions: options, onProgress };
  return (await importDataset(await dataFolder(place), importOptions)).dataset;
}

export function imageStore(dataset: Dataset): ImageStore {
  return new ImageStore(dataset, renderWith(decodeImage));
}

/** A safetensors file on the disk, with its tensors. */
export const openTensors = async (file: string) => readTensorFile(await diskFile(file), file);

/** What of a run file are paths. */
interface Places {
  teacher: string;
  student?: Run['student'];
  data: string;
  heads?: string;
  prompts?: string;
  teacherPrompts?: string;
}

/** Even with many thousand class names in it, a run file is smaller. */
const MOST_RUN_BYTES = 2 ** 24;

/** A run file, with its paths made absolute. */
export async function readRunFile<R extends Places>(
  file: string,
  parse: (raw: unknown, where: string) => R,
): Promise<R> {
  const raw = await readJson(await diskFile(file), file, MOST_RUN_BYTES);
  return withAbsolutePaths(parse(raw, file), path.dirname(path.resolve(file)));
}

/** The run with its paths, which are relative to the folder `from`, made absolute. */
export function withAbsolutePaths<R extends Places>(run: R, from: string): R {
  return mapPaths(run, (place, isModel) => {
    const absolute = path.resolve(from, place);
    const isId = isModel ? isHubId(place) : isHubDataset(place);
    return isId && !fs.existsSync(absolute) ? place : absolute;
  });
}

/** The run with its paths, which are absolute, made relative to the folder `to`. */
export function withRelativePaths<R extends Places>(run: R, to: string): R {
  return mapPaths(run, (place) => (path.isAbsolute(place) ? relativePath(to, place) : place));
}

/** With a dot in front, so that no folder is taken for a hub id or for the demo. */
function relativePath(from: string, to: string): string {
  const relative = path.relative(from, to);
  return relative.startsWith('.') ? relative : `./${relative}`;
}

function mapPaths<R extends Places>(run: R, change: (place: string, isModel: boolean) => string): R {
  const map = (place: string, isModel: boolean) =>
    place === 'demo' || place === PRETRAINED || isWebAddress(place) ? place : change(place, isModel);
  return {
    ...run,
    teacher: map(run.teacher, true),
    student: typeof run.student === 'string' ? map(run.student, true) : run.student,
    data: map(run.data, false),
    heads: run.heads && map(run.heads, false),
    prompts: run.prompts && map(run.prompts, false),
    teacherPrompts: run.teacherPrompts && map(run.teacherPrompts, false),
  };
}
