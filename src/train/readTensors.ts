import type * as tf from '@tensorflow/tfjs-core';
import type { HostTensors } from '../files/tensors';

/** Brings float tensors into main memory, all as they are at the moment of the call. */
export async function readTensors(tensors: Record<string, tf.Tensor>): Promise<HostTensors> {
  const entries = Object.entries(tensors).map(async ([name, tensor]) => {
    const data = Float32Array.from(await tensor.data());
    return [name, { shape: tensor.shape, data }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
