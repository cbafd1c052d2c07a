import * as tf from '@tensorflow/tfjs-core';

export interface MemoryUse {
  /** Live tensors. */
  tensors: number;
  /** What is allocated on the device, buffers kept for reuse included; on wasm the live tensors' bytes. */
  bytes: number;
}

/** What the engine uses now. */
export function memoryUse(): MemoryUse {
  const { numTensors, numBytes, ...backend } = tf.memory() as tf.MemoryInfo & { numBytesInGPU?: number };
  return { tensors: numTensors, bytes: backend.numBytesInGPU ?? numBytes };
}
