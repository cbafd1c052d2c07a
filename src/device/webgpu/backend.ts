import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';

/** What the tfjs WebGPU backend knows of a tensor. */
interface TensorData {
  dtype: tf.DataType;
  shape: number[];
  /** A copy in main memory; not yet uploaded where there is no resource. */
  values?: tf.BackendValues | null;
  /** Where its numbers lie. A part of a buffer is bound like a whole one, but only our own code makes these. */
  resource?: GPUBuffer | GPUBufferBinding | object | null;
  refCount: number;
  /** The resource is not the backend's to release. */
  external?: boolean;
}

export interface UniformValue {
  type: 'int32' | 'float32';
  data: number[];
}

/** A program of tfjs's own kernels, compiled. */
export interface TfjsProgram {
  pipeline: GPUComputePipeline;
  dispatch: [number, number, number];
  outputShape: number[];
  outputComponent?: number;
  /** Whether it wants its output's size as a uniform. */
  size?: boolean;
}

/** Where the backend puts the uniforms of a program. */
export interface UniformSink {
  readonly bufferManager: { acquireBuffer(size: number, usage: GPUBufferUsageFlags): unknown };
  readonly queue: { writeBuffer(buffer: unknown, offset: number, data: ArrayBuffer): void };
  readonly uniformPendingDisposal: unknown[];
}

/**
 * The inner side of the WebGPU backend of tfjs 4.22 that recording builds on. Its TypeScript declarations call
 * these private, so the version is pinned in package.json and `test/numeric/recording.test.ts` tells when they change.
 */
export interface BackendInternals {
  readonly device: GPUDevice;
  readonly queue: GPUQueue;
  readonly tensorMap: { get(id: tf.DataId): TensorData; set(id: tf.DataId, data: TensorData): void };
  readonly bufferManager: {
    numBytesAllocated: number;
    numFreeBuffers: number;
    readonly freeBuffers: Map<string, GPUBuffer[]>;
    acquireBuffer(size: number, usage: GPUBufferUsageFlags): GPUBuffer;
    releaseBuffer(buffer: GPUBuffer): void;
  };
  commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  dispatchCountInPass: number;
  readonly commandQueueOwnedIds: WeakSet<tf.DataId>;
  readonly uniformPendingDisposal: GPUBuffer[];
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  nextDataId(): number;
  uploadToGPU(id: tf.DataId): void;
  makeUniforms(this: UniformSink, values: UniformValue[]): unknown;
  makeTensorInfo(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  recordAndSubmit(
    program: TfjsProgram,
    output: tf.TensorInfo,
    inputs: tf.TensorInfo[],
    uniforms?: UniformValue[],
  ): void;
}

/** The current backend, which must be WebGPU. */
export function webgpuBackend(): BackendInternals {
  return tf.backend() as WebGPUBackend as unknown as BackendInternals;
}

/** True where the current backend runs WGSL. */
export function onWebGPU(): boolean {
  return tf.getBackend() === 'webgpu';
}

/** Sends what is waiting in the backend's encoder, so that what comes after on the queue comes after it. */
export function flush(backend: BackendInternals): void {
  backend.endComputePassEncoder();
  if (backend.commandEncoder) backend.submitQueue();
}

/** Where a tensor's numbers lie, as a part of a buffer. Uploads them where they are in main memory still. */
export function bindingOf(backend: BackendInternals, { dataId }: tf.TensorInfo): GPUBufferBinding | object {
  backend.uploadToGPU(dataId);
  const { resource } = backend.tensorMap.get(dataId);
  if (!resource) throw new Error('A tensor has no buffer on the device.');
  return resource instanceof GPUBuffer ? { buffer: resource } : resource;
}

/** A tensor over a part of a buffer that somebody else owns, or while tracing over what will have a place. */
export function viewTensor(
  resource: GPUBufferBinding | object,
  shape: number[],
  dtype: 'float32' | 'int32' = 'float32',
): tf.Tensor {
  const backend = webgpuBackend();
  const dataId = { id: backend.nextDataId() };
  backend.tensorMap.set(dataId, { dtype, shape, resource, refCount: 1, external: true });
  return tf.engine().makeTensorFromDataId(dataId, shape, dtype, tf.backend());
}
