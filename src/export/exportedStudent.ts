import type { Checkpoint } from '../clip/checkpoint';
import type { HostTensor, HostTensors } from '../files/tensors';
import type { WeightPrecision } from './precision';

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
  /** False where the data has no held-out images, so that training images were used. */
  heldOut: boolean;
}

/** A student as training has left it. */
export interface ExportedStudent {
  /** Steps that it has learned for. */
  step: number;
  /** What it started from. */
  checkpoint: Checkpoint;
  teacher: Checkpoint;
  /** Prompts changed how the teacher reads texts, so that its text tower alone would answer differently. */
  isTeacherAdapted: boolean;
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
