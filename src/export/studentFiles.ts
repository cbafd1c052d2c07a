import { type Checkpoint, saveCheckpoint } from '../clip/checkpoint';
import { describeTokenizer, loadTokenizer } from '../clip/tokenizer';
import { isTextWeight } from '../clip/weights';
import { headsMetadata } from '../distill/heads';
import { writeSafetensors } from '../files/safetensors';
import { chosenFrom, elementCount, type HostTensors, inMemory, overlay, readAll } from '../files/tensors';
import type { ExportedStudent } from './exportedStudent';
import { classifierModel } from './onnx/classifier';
import type { Student } from './onnx/student';
import type { TextReader } from './onnx/zeroShot';
import { answersPage } from './pageStudent';
import { convertPy, studentPy } from './pythonFiles';
import { type TextSide, transformersFiles } from './transformersFiles';

/** More texts than this are not taken along: their features would outweigh the student. */
const MOST_TEXTS = 10_000;
/** A text tower of more parameters is not taken along. CLIP's own has 63 million: 250 MB, and there are six files with it. */
const LARGEST_TEXT_TOWER = 32e6;

export type ExportedFile = [path: string, bytes: Uint8Array<ArrayBuffer>];

/**
 * The files to take a student away in, each made when it is asked for, so that memory holds one at a time: a Hugging Face
 * checkpoint `student/`, `heads.safetensors`, `text_features.safetensors` with Python that reads them, those of `transformersFiles`, and for classes
 * `classifier.onnx`; with a template, `index.html`, the page that answers pictures.
 *
 * @param template `answers.html` as it is built
 */
export async function* studentFiles(
  trained: ExportedStudent,
  template?: string,
): AsyncGenerator<ExportedFile> {
  const { checkpoint, tensors, eduAttention, classes, texts, W, s } = trained;
  const tower: HostTensors = {};
  const heads: HostTensors = {};
  for (const [name, tensor] of Object.entries(tensors))
    (checkpoint.tensors.shapes.has(name) ? tower : heads)[name] = tensor;
  yield* checkpointFiles({ ...checkpoint, tensors: overlay(checkpoint.tensors, inMemory(tower)) });
  yield ['heads.safetensors', writeSafetensors(heads, { metadata: headsMetadata(eduAttention) })];
  if (texts.length <= MOST_TEXTS) {
    yield ['text_features.safetensors', textFeatures(trained)];
    yield ['student.py', encodeText(studentPy)];
    yield ['convert.py', encodeText(convertPy)];
  }
  const { config, preprocessor } = checkpoint;
  const student: Student = { config, preprocessor, tensors: tower, heads, eduAttention, classes, W, s };
  yield* transformersFiles(student, await textSide(trained));
  if (classes.length > 0) yield ['classifier.onnx', classifierModel(student)];
  const page = template && texts.length <= MOST_TEXTS ? answersPage(template, trained) : undefined;
  if (page) yield ['index.html', encodeText(page)];
}

const encodeText = (text: string) => new TextEncoder().encode(text);

/** A checkpoint's files in `student/`, in the Hugging Face layout. */
export async function* checkpointFiles(checkpoint: Checkpoint): AsyncGenerator<ExportedFile> {
  for (const [name, bytes] of await saveCheckpoint(checkpoint)) yield [`student/${name}`, bytes];
}

function textFeatures({ texts, classes, W, s }: ExportedStudent): Uint8Array<ArrayBuffer> {
  const scale = { shape: [], data: Float32Array.of(Math.log(s)) };
  const metadata = { texts: JSON.stringify(texts), classes: JSON.stringify(classes) };
  return writeSafetensors({ text_features: W, logit_scale: scale }, { metadata });
}

async function textSide(trained: ExportedStudent): Promise<TextSide> {
  const { teacher } = trained;
  return {
    config: teacher.config,
    tokenizer: await describeTokenizer(teacher),
    reader: await textReader(trained),
  };
}

/** The teacher's text tower, or where that is too large, adapted by prompts or not CLIP's, the texts by their tokens; undefined where there are too many. */
async function textReader({
  teacher,
  isTeacherAdapted,
  texts,
  W,
}: ExportedStudent): Promise<TextReader | undefined> {
  const tower = chosenFrom(teacher.tensors, isTextWeight);
  const parameters = [...tower.shapes.values()].reduce((sum, shape) => sum + elementCount(shape), 0);
  const isClips = teacher.config.text?.form.isCausal;
  if (isClips && !isTeacherAdapted && parameters <= LARGEST_TEXT_TOWER)
    return { config: teacher.config, tensors: await readAll(tower) };
  if (texts.length > MOST_TEXTS) return undefined;
  const { encode, padding } = await loadTokenizer(teacher);
  return { ids: encode(texts).ids, padding, W };
}
