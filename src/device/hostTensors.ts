import * as tf from '@tensorflow/tfjs-core';
import type { HostTensors } from '../files/tensors';
import { largestBuffer } from './memory';
import { type BackendInternals, bindingOf, flush, onWebGPU, webgpuBackend } from './webgpu/backend';
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

/** Where a tensor lies in a staging buffer. */
interface Place {
  name: string;
  tensor: tf.Tensor;
  offset: number;
  bytes: number;
}

/** Of our own, since the backend reads whole buffers only, and a trained tensor is a part of one. */
async function readFromGPU(tensors: Record<string, tf.Tensor>): Promise<HostTensors> {
  const backend = webgpuBackend();
  flush(backend);
  const encoder = backend.device.createCommandEncoder();
  const stagings = stagingPlaces(tensors).map((places) => ({
    places,
    buffer: copyToStaging(backend, encoder, places),
  }));
  backend.queue.submit([encoder.finish()]);
  try {
    const read = await Promise.all(stagings.map(({ places, buffer }) => readStaging(places, buffer)));
    return Object.fromEntries(read.flat());
  } finally {
    for (const { buffer } of stagings) buffer.destroy();
  }
}

/** The tensors side by side, in as many buffers as the device's limit asks for. */
function stagingPlaces(tensors: Record<string, tf.Tensor>): Place[][] {
  const limit = largestBuffer();
  const stagings: Place[][] = [];
  let end = Number.POSITIVE_INFINITY;
  for (const [name, tensor] of Object.entries(tensors)) {
    const bytes = 4 * tensor.size;
    if (end + bytes > limit) {
      stagings.push([]);
      end = 0;
    }
    stagings[stagings.length - 1].push({ name, tensor, offset: end, bytes });
    end += aligned(bytes);
  }
  return stagings;
}

function copyToStaging(backend: BackendInternals, encoder: GPUCommandEncoder, places: Place[]): GPUBuffer {
  const staging = backend.device.createBuffer({
    size: Math.max(...places.map(({ offset, bytes }) => offset + bytes)),
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  });
  for (const { tensor, offset, bytes } of places) {
    const { buffer, offset: from = 0 } = bindingOf(backend, tensor) as GPUBufferBinding;
    encoder.copyBufferToBuffer(buffer, from, staging, offset, bytes);
  }
  return staging;
}

async function readStaging(places: Place[], staging: GPUBuffer) {
  await staging.mapAsync(GPUMapMode.READ);
  const all = staging.getMappedRange();
  return places.map(({ name, tensor: { shape }, offset, bytes }) => {
    const data = new Float32Array(all.slice(offset, offset + bytes));
    return [name, { shape, data }] as const;
  });
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
