import * as tf from '@tensorflow/tfjs-core';
import { largestBuffer } from '../device/memory';
import { uploadTensor } from '../device/upload';
import { hasHalf, type Precision } from '../device/webgpu/half';
import { MachineError, type OnProgress } from '../files/folder';
import {
  chosenFrom,
  elementCount,
  type HostTensor,
  type HostTensors,
  type TensorSource,
} from '../files/tensors';

/**
 * A model's weights on the device, by their name in the checkpoint; trained ones are variables. The projections of
 * queries, keys and values are one tensor, `qkv_proj`, so that they are one product.
 */
export type Weights = Record<string, tf.Tensor>;

export interface UploadOptions {
  /** Of the matrices. */
  precision?: Precision;
  /** In bytes on the device. */
  onProgress?: OnProgress;
  signal?: AbortSignal;
}

/**
 * Puts tensors on the device, one after another; those whose name `isChosen` are taken. The caller disposes them.
 *
 * @throws MachineError where float16 is asked for, but the device has none, or where a tensor is too large for a buffer
 */
export async function uploadWeights(
  source: TensorSource,
  isChosen: (name: string) => boolean,
  { precision = 'float32', onProgress, signal }: UploadOptions = {},
): Promise<Weights> {
  if (precision !== 'float32' && !hasHalf())
    throw new MachineError('This device has no float16 (WebGPU’s shader-f16); float32 would be right.');
  const { shapes, pieces } = packedAttention(chosenFrom(source, isChosen));
  const precisionOf = (name: string, shape: number[]) => (isProduct(name, shape) ? precision : 'float32');
  const bytesOf = ([name, shape]: [string, number[]]) =>
    (precisionOf(name, shape) === 'float32' ? 4 : 2) * elementCount(shape);
  const total = [...shapes].reduce((sum, entry) => sum + bytesOf(entry), 0);
  const tooLarge = [...shapes].find((entry) => bytesOf(entry) > largestBuffer());
  if (tooLarge)
    throw new MachineError(
      `${tooLarge[0]} takes ${megabytes(bytesOf(tooLarge))} in one buffer, and this device allows ${megabytes(largestBuffer())}: use a smaller model, or WebAssembly.`,
    );
  const weights: Weights = {};
  let done = 0;
  try {
    for (const [name, shape] of shapes) {
      signal?.throwIfAborted();
      weights[name] = await uploadTensor(shape, pieces(name), precisionOf(name, shape));
      done += bytesOf([name, shape]);
      onProgress?.({ label: 'Weights to the device', done, total, unit: 'bytes' });
    }
  } catch (error) {
    tf.dispose(weights);
    throw error;
  }
  return weights;
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

/** Whether a tensor is the weight of a `linear` whose rows can be read in vectors of four. */
function isProduct(name: string, shape: number[]): boolean {
  return /(_proj|_projection|\.fc[12])\.weight$/.test(name) && shape[1] % 4 === 0;
}

/** Those of certain names that training changes. */
export function trainedIn(weights: Weights, isChosen: (name: string) => boolean): tf.Variable[] {
  const chosen = Object.entries(weights).filter(([name]) => isChosen(name));
  return chosen.flatMap(([, weight]) => (weight instanceof tf.Variable ? weight : []));
}

export const isVisionWeight = (name: string) => /^(vision_model|visual_projection)\./.test(name);

export const isTextWeight = (name: string) => /^(text_model|text_projection)\./.test(name);

const PARTS = ['q_proj', 'k_proj', 'v_proj'];

/** The three projections of each attention below one another: `q_proj`, `k_proj`, `v_proj` become `qkv_proj`. */
export function packedAttention(source: TensorSource): TensorSource {
  const shapes = new Map<string, number[]>();
  for (const [name, shape] of source.shapes) {
    const part = PARTS.find((one) => name.includes(`.self_attn.${one}.`));
    if (!part) shapes.set(name, shape);
    else if (part === 'q_proj')
      shapes.set(name.replace(part, 'qkv_proj'), [PARTS.length * shape[0], ...shape.slice(1)]);
  }
  return {
    shapes,
    async *pieces(name) {
      const parts = name.includes('.self_attn.qkv_proj.') ? PARTS : ['qkv_proj'];
      for (const part of parts) yield* source.pieces(name.replace('qkv_proj', part));
    },
  };
}

/** Takes the projections apart again, to the checkpoint's names. */
export function unpackAttention(tensors: HostTensors): HostTensors {
  const unpacked: HostTensors = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    if (!name.includes('.self_attn.qkv_proj.')) unpacked[name] = tensor;
    else
      for (const [i, part] of PARTS.entries()) unpacked[name.replace('qkv_proj', part)] = thirdOf(tensor, i);
  }
  return unpacked;
}

function thirdOf({ shape, data }: HostTensor, index: number): HostTensor {
  const size = data.length / 3;
  return { shape: [shape[0] / 3, ...shape.slice(1)], data: data.slice(index * size, (index + 1) * size) };
}
