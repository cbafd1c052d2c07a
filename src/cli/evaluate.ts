import * as tf from '@tensorflow/tfjs-core';
import type { Checkpoint } from '../clip/checkpoint';
import { imageFeatures } from '../clip/visionTower';
import { isVisionWeight, uploadWeights } from '../clip/weights';
import type { Dataset } from '../data/dataset';
import { pixelBatch } from '../data/images/pixelBatch';
import { evaluationIndices } from '../data/splits/batches';
import { hasEduAttention } from '../distill/heads';
import { readTeacherPrompts, withAdaptedTexts } from '../distill/promptsrc/prompts';
import { startingTensors } from '../distill/startingTensors';
import { createStudent, studentInputFeatures, studentView } from '../distill/student';
import { embedTexts, promptTensor } from '../distill/teacher';
import { uploadInput } from '../distill/towerInput';
import { datasetResults } from '../evaluate/datasetResults';
import { InputError, type OnProgress } from '../files/folder';
import type { HostTensor } from '../files/tensors';
import { l2Normalize } from '../ops/l2Normalize';
import { startBackend } from './device';
import { parseFlags, required } from './flags';
import { imageStore, openCheckpoint, openData, openTensors } from './openRun';
import { progressPrinter } from './progress';
import { printJson, say } from './say';

const USAGE =
  'cli evaluate --model DIR [--heads F --teacher DIR] [--teacher-prompts F] --data PATH [--split test] ' +
  '[--prompt-template TEXT] [--backend webgpu|wasm]';

const BATCH = 32;

/** An image tower and the texts' features that its own are compared with, on the device. */
interface Model {
  image: Checkpoint;
  /** Text features, [texts, d], L2-normalised. */
  W: tf.Tensor2D;
  /** Normalised pixels [batch, 3, size, size] to features [batch, d], L2-normalised. */
  encode: (pixels: Float32Array<ArrayBuffer>, batch: number) => tf.Tensor2D;
}

/** `evaluate`: a CLIP's, or a distilled student's, accuracy and recall on a data set. */
export async function run(args: string[]): Promise<void> {
  const { values } = parseFlags(
    args,
    {
      model: { type: 'string' },
      heads: { type: 'string' },
      teacher: { type: 'string' },
      data: { type: 'string' },
      split: { type: 'string' },
      'teacher-prompts': { type: 'string' },
      'prompt-template': { type: 'string' },
      backend: { type: 'string' },
    },
    [],
    USAGE,
  );
  const model = required(values.model, '--model', USAGE);
  const data = required(values.data, '--data', USAGE);
  if ((values.heads === undefined) !== (values.teacher === undefined))
    throw new InputError(`--heads and --teacher belong together; one is missing. Usage: ${USAGE}`);
  const { 'prompt-template': promptTemplate } = values;
  const onProgress = progressPrinter();
  const promptsFile = values['teacher-prompts'];
  if (promptsFile !== undefined && promptTemplate !== undefined)
    throw new InputError(`--teacher-prompts bring their own words, so leave --prompt-template out.`);
  const dataset = await openData(data, { promptTemplate }, onProgress);
  const teacherPrompts = promptsFile === undefined ? undefined : await openTensors(promptsFile);
  const { indices } = evaluationIndices(dataset, values.split);
  await startBackend(values.backend);
  const { heads, teacher } = values;
  const asked = { dataset, teacherPrompts, onProgress };
  const opened =
    heads !== undefined && teacher !== undefined
      ? await openStudent(model, heads, teacher, asked)
      : await openClip(model, asked);
  const F = await embedImages(opened, dataset, indices, onProgress);
  const right = indices.map((image) => dataset.images[image].texts);
  printJson(await datasetResults(F, opened.W, right, dataset.classes.length > 0));
}

/** What a model is asked. */
interface Asked {
  dataset: Dataset;
  /** The file of an adapted teacher's prompts. */
  teacherPrompts?: Awaited<ReturnType<typeof openTensors>>;
  onProgress: OnProgress;
}

/** The texts' features by a CLIP or a student's teacher, and the prompts of its image tower where it is adapted. */
async function readTexts(
  checkpoint: Checkpoint,
  { dataset, teacherPrompts, onProgress }: Asked,
): Promise<{ W: tf.Tensor2D; visual?: HostTensor }> {
  const options = { onProgress, onNotice: say };
  if (!teacherPrompts) return { W: await embedTexts(checkpoint, dataset.texts, options) };
  const prompts = readTeacherPrompts(teacherPrompts, checkpoint.config);
  const { texts } = withAdaptedTexts(dataset, prompts);
  return { W: await embedTexts(checkpoint, texts, options, prompts.text), visual: prompts.visual };
}

async function openClip(place: string, asked: Asked): Promise<Model> {
  const { onProgress } = asked;
  const image = await openCheckpoint(place, { onProgress, text: 'if present' });
  if (!image.config.text)
    throw new InputError(
      `${place} has no text tower; if it is a distilled student, give --heads and --teacher too.`,
    );
  for (const notice of image.notices) say(notice);
  const { W, visual } = await readTexts(image, asked);
  const weights = await uploadWeights(image.tensors, isVisionWeight, { onProgress });
  const prompts = visual && promptTensor(visual);
  const { imageSize } = image.config.vision;
  return {
    image,
    W,
    encode: (pixels, batch) =>
      l2Normalize(
        imageFeatures(weights, image.config, tf.tensor4d(pixels, [batch, 3, imageSize, imageSize]), {
          prompts,
        }),
      ) as tf.Tensor2D,
  };
}

/** A student that answers in the teacher's feature space: image tower → projector → EduAttention. */
async function openStudent(
  place: string,
  headsFile: string,
  teacherPlace: string,
  asked: Asked,
): Promise<Model> {
  const { onProgress } = asked;
  const image = await openCheckpoint(place, { onProgress, text: false });
  const heads = await openTensors(headsFile);
  const teacher = await openCheckpoint(teacherPlace, { onProgress, text: true });
  for (const notice of [...image.notices, ...teacher.notices]) say(notice);
  const parameters = 'prompts' in heads.tensors ? 'prompts' : 'heads';
  const tensors = startingTensors({ student: image, heads }, teacher.config.projectionDim, parameters, 0);
  const student = await createStudent(image.config, tensors, parameters, hasEduAttention(heads.metadata));
  const { W } = await readTexts(teacher, asked);
  const { imageSize } = image.config.vision;
  return {
    image,
    W,
    encode: (pixels, batch) =>
      studentView(student, studentInputFeatures(student, uploadInput({ pixels }, batch, imageSize)), W)
        .f_e as tf.Tensor2D,
  };
}

/** Features of the data set's images, [images, d], L2-normalised. */
async function embedImages(
  { image: { preprocessor }, encode }: Model,
  dataset: Dataset,
  images: number[],
  onProgress: OnProgress,
): Promise<tf.Tensor2D> {
  const store = imageStore(dataset);
  const parts: tf.Tensor2D[] = [];
  for (let from = 0; from < images.length; from += BATCH) {
    const batch = images.slice(from, from + BATCH);
    const pixels = await pixelBatch(batch, preprocessor, (image) => store.pixels(image, preprocessor));
    const part = tf.tidy(() => encode(pixels, batch.length));
    await part.data();
    parts.push(part);
    onProgress({ label: 'images', done: from + batch.length, total: images.length, unit: 'images' });
  }
  return tf.concat2d(parts, 0);
}
