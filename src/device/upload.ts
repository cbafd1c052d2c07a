import * as tf from '@tensorflow/tfjs-core';
import { encodeFloat16 } from '../files/floats';
import { elementCount, joinPieces } from '../files/tensors';
import { onWebGPU, webgpuBackend } from './webgpu/backend';
import { markPrecision, type Precision } from './webgpu/half';

/** Bytes under way to the device before its queue is waited for; until then they are held in main memory too. */
const UNDER_WAY = 2 ** 26;

let underWay = 0;

/**
 * A tensor on the device, written there piece by piece.
 *
 * @param pieces its numbers in order
 * @param precision other than float32, each number is rounded to nearest; its size, and that of each piece, must
 *   then be a multiple of 4. Only on WebGPU, and only `linear` reads such tensors
 */
export async function uploadTensor(
  shape: number[],
  pieces: AsyncIterable<Float32Array>,
  precision: Precision = 'float32',
): Promise<tf.Tensor> {
  if (!onWebGPU()) return tf.tensor(await joinPieces(shape, pieces), shape, 'float32');
  const backend = webgpuBackend();
  const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
  const half = precision !== 'float32';
  const bytes = (half ? 2 : 4) * elementCount(shape);
  const resource = backend.bufferManager.acquireBuffer(bytes, STORAGE | COPY_SRC | COPY_DST);
  const dataId = { id: backend.nextDataId() };
  backend.tensorMap.set(dataId, { dtype: 'float32', shape, resource, refCount: 1 });
  markPrecision(dataId, precision);
  const tensor = tf.engine().makeTensorFromDataId(dataId, shape, 'float32', tf.backend());
  try {
    let at = 0;
    for await (const piece of pieces) {
      const data = (half ? encodeFloat16(piece) : piece) as Float32Array<ArrayBuffer>;
      backend.queue.writeBuffer(resource, at, data);
      at += data.byteLength;
      await keepUp(backend.queue, data.byteLength);
    }
  } catch (error) {
    tensor.dispose();
    throw error;
  }
  return tensor;
}

/** Lets the device take what was written, now and then. */
async function keepUp(queue: GPUQueue, bytes: number): Promise<void> {
  underWay += bytes;
  if (underWay < UNDER_WAY) return;
  underWay = 0;
  queue.submit([]);
  await queue.onSubmittedWorkDone();
}
