import * as tf from '@tensorflow/tfjs-core';
import type { HostTensors } from '../files/tensors';
import { bindingOf, flush, onWebGPU, webgpuBackend } from './webgpu/backend';
import { aligned } from './webgpu/buffers';

/** Brings float tensors into main memory, all as they are at the moment of the call. */
export async function readTensors(tensors: Record<string, tf.Tensor>): Promise<HostTensors> {
  if (onWebGPU()) return readFromGPU(tensors);
  const entries = Object.entries(tensors).map(async ([name, tensor]) => {
    const data = Float32Array.from(await tensor.data());
    return [name, { shape: tensor.shape, data }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Of our own, since the backend reads whole buffers only, and a trained tensor is a part of one. */
async function readFromGPU(tensors: Record<string, tf.Tensor>): Promise<HostTensors> {
  const backend = webgpuBackend();
  const { device, queue } = backend;
  const places: { name: string; shape: number[]; offset: number; bytes: number }[] = [];
  let end = 0;
  for (const [name, { shape, size }] of Object.entries(tensors)) {
    places.push({ name, shape, offset: end, bytes: 4 * size });
    end += aligned(4 * size);
  }
  const bindings = Object.values(tensors).map((tensor) => bindingOf(backend, tensor) as GPUBufferBinding);
  const staging = device.createBuffer({
    size: end,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  });
  flush(backend);
  const encoder = device.createCommandEncoder();
  for (const [i, { buffer, offset = 0 }] of bindings.entries())
    encoder.copyBufferToBuffer(buffer, offset, staging, places[i].offset, places[i].bytes);
  queue.submit([encoder.finish()]);
  try {
    await staging.mapAsync(GPUMapMode.READ);
    const all = staging.getMappedRange();
    return Object.fromEntries(
      places.map(({ name, shape, offset, bytes }) => [
        name,
        { shape, data: new Float32Array(all.slice(offset, offset + bytes)) },
      ]),
    );
  } finally {
    staging.destroy();
  }
}

/** Writes numbers into a variable, where it lies. */
export function writeTensor(variable: tf.Variable, data: Float32Array | Int32Array): void {
  if (!onWebGPU()) {
    tf.tidy(() => variable.assign(tf.tensor(data, variable.shape)));
    return;
  }
  const backend = webgpuBackend();
  const { buffer, offset } = bindingOf(backend, variable) as GPUBufferBinding;
  flush(backend);
  backend.queue.writeBuffer(buffer, offset ?? 0, new Float32Array(data));
  backend.tensorMap.get(variable.dataId).values = null;
}
