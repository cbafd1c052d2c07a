import * as tf from '@tensorflow/tfjs-core';
import type { HostTensors } from '../files/tensors';
import { bindingOf, onWebGPU, viewTensor, webgpuBackend } from './webgpu/backend';
import { aligned } from './webgpu/buffers';
import { currentTrace } from './webgpu/trace';

/** Variables that change together. */
export interface Variables {
  byName: Record<string, tf.Variable>;
  /** On WebGPU they are parts of this one tensor, [size], so that one dispatch can change them all. */
  flat?: FlatTensor;
}

export interface FlatTensor {
  tensor: tf.Tensor;
  /** Where each variable begins, in bytes. What lies between them belongs to nobody. */
  offsets: Record<string, number>;
}

/** Puts tensors on the device, to be changed there. */
export function createVariables(tensors: HostTensors): Variables {
  if (!onWebGPU()) {
    const variable = ([name, { data, shape }]: [string, HostTensors[string]]) =>
      [name, tf.tidy(() => tf.variable(tf.tensor(data, shape)))] as const;
    return { byName: Object.fromEntries(Object.entries(tensors).map(variable)) };
  }
  const offsets: Record<string, number> = {};
  let end = 0;
  for (const [name, { data }] of Object.entries(tensors)) {
    offsets[name] = end;
    end += aligned(data.byteLength);
  }
  const all = new Float32Array(end / 4);
  for (const [name, { data }] of Object.entries(tensors)) all.set(data, offsets[name] / 4);
  const tensor = tf.tensor1d(all);
  const { buffer } = bindingOf(webgpuBackend(), tensor) as GPUBufferBinding;
  const byName: Record<string, tf.Variable> = {};
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    const view = viewTensor({ buffer, offset: offsets[name], size: data.byteLength }, shape);
    byName[name] = tf.variable(view);
    view.dispose();
  }
  return { byName, flat: { tensor, offsets } };
}

export function disposeVariables({ byName, flat }: Variables): void {
  tf.dispose([byName, flat?.tensor]);
}

/**
 * Gradients side by side as their variables are, [size], while a step is traced. They are computed right there where
 * that can be. What lies between them, and in the place of those that are missing, is undefined.
 */
export function flatGradients(
  gradients: Record<string, tf.Tensor>,
  { tensor, offsets }: FlatTensor,
): tf.Tensor {
  const trace = currentTrace();
  if (!trace) throw new Error('Gradients are packed only while a step is traced.');
  const target = tf
    .engine()
    .makeTensorFromTensorInfo(webgpuBackend().makeTensorInfo(tensor.shape, 'float32'));
  const parts = Object.entries(gradients).map(([name, gradient]) => ({
    tensor: gradient,
    offset: offsets[name],
  }));
  trace.pack(parts, target);
  return target;
}
