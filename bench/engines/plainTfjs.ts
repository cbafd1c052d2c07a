import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { MachineError } from '../../src/files/folder';

export type PlainBackend = 'plain-webgpu' | 'plain-wasm';

/**
 * Starts one of tfjs's own backends a second time, on a device or in a memory of its own, so that the product's tensors
 * and the rival's are apart. Its kernels are tfjs's; the product's are copied with them, but no rival runs those.
 */
export async function usePlainTfjs(backend: PlainBackend): Promise<void> {
  if (!tf.findBackendFactory(backend)) {
    tf.copyRegisteredKernels(backend.replace('plain-', ''), backend);
    tf.registerBackend(backend, backend === 'plain-webgpu' ? await webgpuFactory() : wasmFactory());
  }
  await tf.setBackend(backend);
}

async function webgpuFactory(): Promise<() => tf.KernelBackend> {
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new MachineError('There is no WebGPU adapter.');
  const { limits } = adapter;
  // What tfjs itself asks for.
  const device = await adapter.requestDevice({
    requiredLimits: {
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxBufferSize: limits.maxBufferSize,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  });
  return () => new WebGPUBackend(device, adapter.info);
}

function wasmFactory(): () => tf.KernelBackend | Promise<tf.KernelBackend> {
  const factory = tf.findBackendFactory('wasm');
  if (!factory) throw new MachineError('The WebAssembly backend of tfjs is not there.');
  return factory;
}
