import { type Checkpoint, saveCheckpoint } from '../clip/checkpoint';
import { describeTokenizer, loadTokenizer } from '../clip/tokenizer';
import { isTextWeight } from '../clip/weights';
import { headsMetadata } from '../distill/heads';
import { writeSafetensors } from '../files/safetensors';
import {
  chosenFrom,
  elementCount,
  type HostTensor,
  type HostTensors,
  inMemory,
  overlay,
  readAll,
} from '../files/tensors';
import { classifierModel } from './onnx/classifier';
import type { Student } from './onnx/student';
import type { TextReader } from './onnx/zeroShot';
import type { WeightPrecision } from './precision';
import { type TextSide, transformersFiles } from './transformersFiles';

/** More texts than this are not taken along: their features would outweigh the student. */
export const MOST_TEXTS = 10_000;
/** A text tower of more parameters is not taken along. CLIP's own has 63 million: 250 MB, and there are six files with it. */
const LARGEST_TEXT_TOWER = 32e6;

/** What a student is worth with its weights as a precision's files hold them. */
export interface PrecisionResult {
  precision: WeightPrecision;
  /** Of its weights in such a file. */
  bytes: number;
  /** Share of held-out images that it is right in; undefined where none has a label. */
  top1?: number;
  /** Share in which it gives the teacher's answer. */
  agreement: number;
  images: number;
}

/** A student as training has left it. */
export interface ExportedStudent {
  /** What it started from. */
  checkpoint: Checkpoint;
  teacher: Checkpoint;
  /** All its tensors by their names in files: image tower, `projector.*`, `edu.*`, `prompts` and scalars where it has them. */
  tensors: HostTensors;
  eduAttention: boolean;
  /** Class names in label order; empty for captions. */
  classes: string[];
  /** What the teacher was asked, and its features of these, [texts, d], L2-normalised. */
  texts: string[];
  W: HostTensor;
  /** s, exp(logit_scale). */
  s: number;
  precisions: PrecisionResult[];
}

export type ExportedFile = [path: string, bytes: Uint8Array<ArrayBuffer>];

/**
 * The files to take a student away in, each made when it is asked for, so that memory holds one at a time: a Hugging Face
 * checkpoint `student/`, `heads.safetensors`, `text_features.safetensors`, those of `transformersFiles`, and for classes
 * `classifier.onnx`.
 */
export async function* studentFiles(trained: ExportedStudent): AsyncGenerator<ExportedFile> {
  const { checkpoint, tensors, eduAttention, classes, texts, W, s } = trained;
  const tower: HostTensors = {};
  const heads: HostTensors = {};
  for (const [name, tensor] of Object.entries(tensors))
    (checkpoint.tensors.shapes.has(name) ? tower : heads)[name] = tensor;
  const folder = await saveCheckpoint({
    ...checkpoint,
    tensors: overlay(checkpoint.tensors, inMemory(tower)),
  });
  for (const [name, bytes] of folder) yield [`student/${name}`, bytes];
  yield ['heads.safetensors', writeSafetensors(heads, { metadata: headsMetadata(eduAttention) })];
  if (texts.length <= MOST_TEXTS) yield ['text_features.safetensors', textFeatures(trained)];
  const { config, preprocessor } = checkpoint;
  const student: Student = { config, preprocessor, tensors: tower, heads, eduAttention, classes, W, s };
  yield* transformersFiles(student, await textSide(trained));
  if (classes.length > 0) yield ['classifier.onnx', classifierModel(student)];
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

/** The teacher's text tower, or where that is too large, the texts by their tokens; undefined where there are too many. */
async function textReader({ teacher, texts, W }: ExportedStudent): Promise<TextReader | undefined> {
  const tower = chosenFrom(teacher.tensors, isTextWeight);
  const parameters = [...tower.shapes.values()].reduce((sum, shape) => sum + elementCount(shape), 0);
  if (parameters <= LARGEST_TEXT_TOWER) return { config: teacher.config, tensors: await readAll(tower) };
  if (texts.length > MOST_TEXTS) return undefined;
  const { encode, padding } = await loadTokenizer(teacher);
  return { ids: encode(texts).ids, padding, W };
}
