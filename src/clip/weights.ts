import * as tf from '@tensorflow/tfjs-core';
import { halfTensor, hasHalf } from '../device/webgpu/half';
import { MachineError } from '../files/folder';
import type { HostTensor, HostTensors } from '../files/tensors';

/**
 * A model's weights on the device, by their name in the checkpoint; trained ones are variables. The projections of
 * queries, keys and values are one tensor, `qkv_proj`, so that they are one product.
 */
export type Weights = Record<string, tf.Tensor>;

/** How the matrices of a frozen tower lie on the device; products add up in float32 either way. */
export type Precision = 'float32' | 'float16';

/**
 * Puts tensors on the device; those whose name `isChosen` are taken. The caller disposes them.
 *
 * @throws MachineError where float16 is asked for, but the device has none
 */
export function uploadWeights(
  tensors: HostTensors,
  isChosen: (name: string) => boolean,
  precision: Precision = 'float32',
): Weights {
  if (precision === 'float16' && !hasHalf())
    throw new MachineError('This device has no float16 (WebGPU’s shader-f16); float32 would be right.');
  const chosen = Object.fromEntries(Object.entries(tensors).filter(([name]) => isChosen(name)));
  return Object.fromEntries(
    Object.entries(packAttention(chosen)).map(([name, { data, shape }]) => [
      name,
      precision === 'float16' && isProduct(name, shape)
        ? halfTensor(Float32Array.from(data), shape)
        : tf.tensor(data, shape),
    ]),
  );
}

/** Whether a tensor is the weight of a `linear` whose rows can be read in vectors of four. */
function isProduct(name: string, shape: number[]): boolean {
  return /(_proj|_projection|\.fc[12])\.weight$/.test(name) && shape[1] % 4 === 0;
}

export const isVisionWeight = (name: string) => /^(vision_model|visual_projection)\./.test(name);

export const isTextWeight = (name: string) => /^(text_model|text_projection)\./.test(name);

const PARTS = ['q_proj', 'k_proj', 'v_proj'];

/** Puts the three projections of each attention below one another: `q_proj`, `k_proj`, `v_proj` become `qkv_proj`. */
export function packAttention(tensors: HostTensors): HostTensors {
  const packed: HostTensors = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    const part = PARTS.find((one) => name.includes(`.self_attn.${one}.`));
    if (!part) packed[name] = tensor;
    else if (part === 'q_proj')
      packed[name.replace(part, 'qkv_proj')] = concatRows(
        PARTS.map((one) => tensors[name.replace(part, one)]),
      );
  }
  return packed;
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

function concatRows(tensors: HostTensor[]): HostTensor {
  const [{ shape, data }] = tensors;
  const joined = new Float32Array(tensors.length * data.length);
  for (const [i, one] of tensors.entries()) joined.set(one.data, i * data.length);
  return { shape: [tensors.length * shape[0], ...shape.slice(1)], data: joined };
}

function thirdOf({ shape, data }: HostTensor, index: number): HostTensor {
  const size = data.length / 3;
  return { shape: [shape[0] / 3, ...shape.slice(1)], data: data.slice(index * size, (index + 1) * size) };
}
