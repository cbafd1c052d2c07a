import * as tf from '@tensorflow/tfjs-core';
import { MachineError } from '../files/folder';
import { elementCount, type TensorSource } from '../files/tensors';
import { largestBuffer } from './memory';
import { uploadTensor } from './upload';
import { bindingOf, onWebGPU, viewTensor, webgpuBackend } from './webgpu/backend';
import { aligned } from './webgpu/buffers';
import { currentTrace } from './webgpu/trace';

type Shapes = TensorSource['shapes'];

/** Variables that change together. */
export interface Variables {
  byName: Record<string, tf.Variable>;
  /**
   * On WebGPU they are parts of one tensor, [size], so that one dispatch can change them all; of several, where one would
   * be larger than the device's buffers.
   */
  flats?: FlatTensor[];
}

export interface FlatTensor {
  tensor: tf.Tensor;
  /** Where each variable begins, in bytes. What lies between them belongs to nobody. */
  offsets: Record<string, number>;
}

/**
 * Puts tensors on the device, to be changed there.
 *
 * @throws MachineError where one of them is larger than a buffer may be
 */
export async function createVariables(source: TensorSource): Promise<Variables> {
  const { shapes, pieces } = source;
  if (onWebGPU()) {
    const groups: Variables[] = [];
    for (const group of inBuffers(shapes)) {
      const tensor = await uploadTensor([flatSize(group)], sideBySide(group, pieces));
      groups.push(flatVariables(group, tensor));
    }
    return together(groups);
  }
  const byName: Record<string, tf.Variable> = {};
  for (const [name, shape] of shapes)
    byName[name] = asVariable(await uploadTensor(shape, source.pieces(name)));
  return { byName };
}

/** Variables of the same names and shapes, all 0, that lie as these do. */
export function zerosLike({ byName, flats }: Variables): Variables {
  if (flats)
    return together(
      flats.map(({ tensor, offsets }) => {
        const shapes = Object.keys(offsets).map((name) => [name, byName[name].shape] as const);
        return flatVariables(new Map(shapes), tf.fill(tensor.shape, 0));
      }),
    );
  const zeros = Object.entries(byName).map(
    ([name, { shape }]) => [name, asVariable(tf.fill(shape, 0))] as const,
  );
  return { byName: Object.fromEntries(zeros) };
}

function together(groups: Variables[]): Variables {
  return {
    byName: Object.assign({}, ...groups.map(({ byName }) => byName)),
    flats: groups.flatMap(({ flats = [] }) => flats),
  };
}

/** Each tensor's numbers, filled up to where the next one begins. */
async function* sideBySide(shapes: Shapes, pieces: TensorSource['pieces']): AsyncGenerator<Float32Array> {
  for (const [name, shape] of shapes) {
    yield* pieces(name);
    const bytes = 4 * elementCount(shape);
    if (aligned(bytes) > bytes) yield new Float32Array((aligned(bytes) - bytes) / 4);
  }
}

/** Numbers in the tensor that all of these are parts of. */
const flatSize = (shapes: Shapes): number =>
  [...shapes.values()].reduce((sum, shape) => sum + aligned(4 * elementCount(shape)), 0) / 4;

/** The tensors in as many groups as the device's largest buffer asks for. */
function inBuffers(shapes: Shapes): Shapes[] {
  const limit = largestBuffer();
  const groups: Map<string, number[]>[] = [];
  let end = Number.POSITIVE_INFINITY;
  for (const [name, shape] of shapes) {
    const bytes = aligned(4 * elementCount(shape));
    if (bytes > limit) throw new MachineError(tooLarge(name, bytes, limit));
    if (end + bytes > limit) {
      groups.push(new Map());
      end = 0;
    }
    groups[groups.length - 1].set(name, shape);
    end += bytes;
  }
  return groups;
}

function tooLarge(name: string, bytes: number, limit: number): string {
  const megabytes = (count: number) => `${Math.round(count / 1e6)} MB`;
  return (
    `${name}, which is trained, takes ${megabytes(bytes)} in one buffer, and this device allows ${megabytes(limit)}: ` +
    'train only prompts or heads, or a smaller student, or use WebAssembly.'
  );
}

/** @param tensor [size], which they become parts of */
function flatVariables(shapes: Shapes, tensor: tf.Tensor): Variables {
  const { buffer } = bindingOf(webgpuBackend(), tensor) as GPUBufferBinding;
  const byName: Record<string, tf.Variable> = {};
  const offsets: Record<string, number> = {};
  let offset = 0;
  for (const [name, shape] of shapes) {
    const size = 4 * elementCount(shape);
    byName[name] = asVariable(viewTensor({ buffer, offset, size }, shape));
    offsets[name] = offset;
    offset += aligned(size);
  }
  return { byName, flats: [{ tensor, offsets }] };
}

function asVariable(tensor: tf.Tensor): tf.Variable {
  const variable = tf.variable(tensor);
  tensor.dispose();
  return variable;
}

export function disposeVariables({ byName, flats = [] }: Variables): void {
  tf.dispose([byName, flats.map(({ tensor }) => tensor)]);
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
