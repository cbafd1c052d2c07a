import * as tf from '@tensorflow/tfjs-core';
import { flush, onWebGPU, webgpuBackend } from './webgpu/backend';
import { ownBytes } from './webgpu/buffers';

export interface MemoryUse {
  /** Live tensors. */
  tensors: number;
  /** What is allocated on the device, buffers kept for reuse included; on wasm the live tensors' bytes. */
  bytes: number;
}

/** Bytes that one buffer may have on this device. */
export function largestBuffer(): number {
  if (!onWebGPU()) return Number.POSITIVE_INFINITY;
  const { maxBufferSize, maxStorageBufferBindingSize } = webgpuBackend().device.limits;
  return Math.min(maxBufferSize, maxStorageBufferBindingSize);
}

/** Gives back the buffers that the backend keeps for reuse: after a model was let go, nothing as large comes again. */
export function freeUnusedBuffers(): void {
  if (!onWebGPU()) return;
  const backend = webgpuBackend();
  flush(backend);
  const { bufferManager } = backend;
  for (const buffers of bufferManager.freeBuffers.values())
    for (const buffer of buffers.splice(0)) {
      bufferManager.numFreeBuffers--;
      bufferManager.numBytesAllocated -= buffer.size;
      buffer.destroy();
    }
}

/** What the engine uses now. */
export function memoryUse(): MemoryUse {
  const { numTensors, numBytes } = tf.memory();
  const bytes = onWebGPU() ? webgpuBackend().bufferManager.numBytesAllocated + ownBytes() : numBytes;
  return { tensors: numTensors, bytes };
}
