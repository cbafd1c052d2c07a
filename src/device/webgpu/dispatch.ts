import type * as tf from '@tensorflow/tfjs-core';
import { type BackendInternals, bindingOf, webgpuBackend } from './backend';
import { currentTrace, type Dispatch } from './trace';

/** Programs sent to the device at once, as tfjs does it. */
const SUBMIT_BATCH = 15;

/** Runs a pipeline now, or writes it down where a step is being traced. */
export function dispatch(work: Dispatch): void {
  const backend = webgpuBackend();
  const trace = currentTrace();
  const tensors = [...work.inputs, ...work.outputs];
  const bindings = tensors.map((tensor) => bindingOf(backend, tensor));
  forgetCopies(backend, work.outputs);
  if (trace) {
    trace.dispatch(work, bindings);
    return;
  }
  const resources = bindings as GPUBufferBinding[];
  if (work.uniforms) resources.unshift(uploadUniforms(backend, work.uniforms));
  for (const { dataId } of tensors) backend.commandQueueOwnedIds.add(dataId);
  const bindGroup = backend.device.createBindGroup({
    layout: work.layout,
    entries: resources.map((resource, binding) => ({ binding, resource })),
  });
  backend.ensureCommandEncoderReady();
  backend.computePassEncoder ??= backend.commandEncoder?.beginComputePass() ?? null;
  backend.computePassEncoder?.setPipeline(work.pipeline);
  backend.computePassEncoder?.setBindGroup(0, bindGroup);
  backend.computePassEncoder?.dispatchWorkgroups(...work.workgroups);
  backend.dispatchCountInPass++;
  if (backend.dispatchCountInPass >= SUBMIT_BATCH) {
    backend.endComputePassEncoder();
    backend.submitQueue();
  }
}

/** The backend keeps a copy in main memory of what it read back; it is out of date once a kernel writes there. */
function forgetCopies(backend: BackendInternals, outputs: tf.TensorInfo[]): void {
  for (const { dataId } of outputs) backend.tensorMap.get(dataId).values = null;
}

function uploadUniforms(backend: BackendInternals, bytes: ArrayBuffer): GPUBufferBinding {
  const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
  const buffer = backend.bufferManager.acquireBuffer(bytes.byteLength, usage);
  backend.queue.writeBuffer(buffer, 0, bytes);
  backend.uniformPendingDisposal.push(buffer);
  return { buffer };
}
