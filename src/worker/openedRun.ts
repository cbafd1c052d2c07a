import type { Checkpoint } from '../clip/checkpoint';
import type { Dataset } from '../data/dataset';
import type { ImageStore } from '../data/images/images';
import { trainingCounts } from '../data/splits/batches';
import { doubtsAboutCaptions } from '../data/textDoubts';
import { methods } from '../distill/methods/methods';
import { InputError } from '../files/folder';
import type { Run } from '../run/schema';
import { type SettledRun, settleRun } from '../run/settle';
import { modelFacts } from '../run/student';
import type { DataPart, DroppedFile, Role } from './api';
import type { OpenedData } from './openedData';
import type { OpenedModels } from './openedModels';

/** A run, settled, with all that it needs. */
export interface OpenedRun {
  run: SettledRun;
  teacher: Checkpoint;
  student: Checkpoint;
  dataset: Dataset;
  images: ImageStore;
  origin: Origin;
}

/** Where data and models of a run come from, so that they can be had again. */
export interface Origin {
  /** What the data adds up from; the demo's concepts where there are no parts. */
  parts: DataPart[];
  concepts: string[];
  /** The files of dropped checkpoints. */
  models: Partial<Record<Role, DroppedFile[]>>;
  /** The files of tensors that it begins with. */
  tensors: DroppedFile[];
}

/** What a run names, of what is open on the page. Throws InputError where it does not fit together. */
export async function openRun(run: Run, data: OpenedData, models: OpenedModels): Promise<OpenedRun> {
  const { dataset, images } = data.take();
  const { parts, concepts } = data;
  const facts = { name: dataset.name, training: trainingCounts(dataset) };
  const teacher = await models.teacherOf(run);
  if (methods[run.method].hasNoTeacher)
    throw new InputError(
      `The method "${run.method}" trains a CLIP of its own and distils nothing: make a teacher under Models, or run the file on the command line and take its result there.`,
    );
  const settled = settleRun(run, facts, modelFacts(teacher));
  const student = await models.studentOf(run, teacher);
  const origin = { parts, concepts, models: models.droppedFor(run), tensors: models.tensorFilesOf(run) };
  return { run: settled, teacher, student, dataset, images, origin };
}

/** What the run's teacher can't say well of the captions, in sentences; nothing of classes. */
export async function captionDoubts({ dataset, teacher }: OpenedRun): Promise<string[]> {
  return dataset.classes.length > 0 ? [] : doubtsAboutCaptions(dataset.texts, teacher);
}
