import { type Checkpoint, saveCheckpoint } from '../clip/checkpoint';
import { headsMetadata } from '../distill/heads';
import { writeSafetensors } from '../files/safetensors';
import { type HostTensor, type HostTensors, inMemory, overlay } from '../files/tensors';
import { classifierModel } from './onnx/classifier';

/** More texts than this are not taken along: their features would outweigh the student. */
const MOST_TEXTS = 10_000;

/** A student as training has left it. */
export interface TrainedStudent {
  /** What it started from. */
  checkpoint: Checkpoint;
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
}

/**
 * The files to take a student away in, by path: a Hugging Face checkpoint `student/`, `heads.safetensors`,
 * `text_features.safetensors`, and for classes `classifier.onnx`.
 */
export async function studentFiles(trained: TrainedStudent): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const { checkpoint, tensors, eduAttention, classes, texts, W, s } = trained;
  const tower: HostTensors = {};
  const heads: HostTensors = {};
  for (const [name, tensor] of Object.entries(tensors))
    (checkpoint.tensors.shapes.has(name) ? tower : heads)[name] = tensor;
  const folder = await saveCheckpoint({
    ...checkpoint,
    tensors: overlay(checkpoint.tensors, inMemory(tower)),
  });
  const files = new Map([...folder].map(([name, bytes]) => [`student/${name}`, bytes]));
  files.set('heads.safetensors', writeSafetensors(heads, { metadata: headsMetadata(eduAttention) }));
  if (texts.length > MOST_TEXTS) return files;
  const scale = { shape: [], data: Float32Array.of(Math.log(s)) };
  const metadata = { texts: JSON.stringify(texts), classes: JSON.stringify(classes) };
  files.set(
    'text_features.safetensors',
    writeSafetensors({ text_features: W, logit_scale: scale }, { metadata }),
  );
  if (classes.length > 0) {
    const { config, preprocessor } = checkpoint;
    const student = { config, preprocessor, tensors: tower, heads, eduAttention, classes, W, s };
    files.set('classifier.onnx', classifierModel(student));
  }
  return files;
}
