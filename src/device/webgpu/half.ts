import type * as tf from '@tensorflow/tfjs-core';
import { onWebGPU, webgpuBackend } from './backend';

/** Data of tensors that lie as float16 in their buffers, though tfjs takes them for float32. */
const halves = new WeakSet<tf.DataId>();

/** Whether a tensor lies as float16. Only `linear` reads such ones, as its weight. */
export const isHalf = ({ dataId }: tf.TensorInfo): boolean => halves.has(dataId);

/** Whether the device computes with float16. */
export const hasHalf = (): boolean => onWebGPU() && webgpuBackend().device.features.has('shader-f16');

/** Says of a tensor's data that it lies as float16. */
export function markHalf(dataId: tf.DataId): void {
  halves.add(dataId);
}
