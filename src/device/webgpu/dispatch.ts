import type * as tf from '@tensorflow/tfjs-core';
import { type BackendInternals, bindingOf, webgpuBackend } from './backend';
import { type Program, packUniforms, pipelineOf } from './program';
import { currentTrace } from './trace';

/** Programs sent to the device at once, as tfjs does it. */
const SUBMIT_BATCH = 15;

/** Runs a program now, or writes it down where a step is being traced. */
export function dispatch(program: Program, inputs: tf.TensorInfo[], outputs: tf.TensorInfo[]): void {
  const backend = webgpuBackend();
  const trace = currentTrace();
  const tensors = [...inputs, ...outputs];
  const bindings = tensors.map((tensor) => bindingOf(backend, tensor));
  forgetCopies(backend, outputs);
  if (trace) {
    trace.dispatch(program, bindings, outputs);
    return;
  }
  const { pipeline, layout } = pipelineOf(backend.device, program);
  const uniforms = packUniforms(program);
  const resources = bindings as GPUBufferBinding[];
  if (uniforms.byteLength > 0) resources.unshift(uploadUniforms(backend, uniforms));
  for (const { dataId } of tensors) backend.commandQueueOwnedIds.add(dataId);
  const bindGroup = backend.device.createBindGroup({
    layout,
    entries: resources.map((resource, binding) => ({ binding, resource })),
  });
  backend.ensureCommandEncoderReady();
  backend.computePassEncoder ??= backend.commandEncoder?.beginComputePass() ?? null;
  backend.computePassEncoder?.setPipeline(pipeline);
  backend.computePassEncoder?.setBindGroup(0, bindGroup);
  backend.computePassEncoder?.dispatchWorkgroups(...program.dispatch);
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
