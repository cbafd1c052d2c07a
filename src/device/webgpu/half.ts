import * as tf from '@tensorflow/tfjs-core';
import { encodeFloat16 } from '../../files/floats';
import { onWebGPU, webgpuBackend } from './backend';

/** Data of tensors that lie as float16 in their buffers, though tfjs takes them for float32. */
const halves = new WeakSet<tf.DataId>();

/** Whether a tensor lies as float16. Only `linear` reads such ones, as its weight. */
export const isHalf = ({ dataId }: tf.TensorInfo): boolean => halves.has(dataId);

/** Whether the device computes with float16. */
export const hasHalf = (): boolean => onWebGPU() && webgpuBackend().device.features.has('shader-f16');

/** A tensor that lies as float16, each number rounded to nearest. Its size must be a multiple of 4. */
export function halfTensor(values: Float32Array, shape: number[]): tf.Tensor {
  const backend = webgpuBackend();
  const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
  const resource = backend.bufferManager.acquireBuffer(2 * values.length, STORAGE | COPY_SRC | COPY_DST);
  backend.queue.writeBuffer(resource, 0, encodeFloat16(values) as Uint16Array<ArrayBuffer>);
  const dataId = { id: backend.nextDataId() };
  backend.tensorMap.set(dataId, { dtype: 'float32', shape, resource, refCount: 1 });
  halves.add(dataId);
  return tf.engine().makeTensorFromDataId(dataId, shape, 'float32', tf.backend());
}
