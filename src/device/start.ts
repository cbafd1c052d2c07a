import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { MachineError } from '../files/folder';
import type { BackendName, DeviceInfo } from './info';
import { hasHalf } from './webgpu/half';
import { HARDWARE_LANES, lanes } from './webgpu/lanes';

/** Adapters that are programs on the CPU, by what they call themselves. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

export interface StartOptions {
  /** Where the wasm backend's binaries are served, by their file name; not needed in Node. */
  wasmPaths?: Record<string, string>;
  /** Called when the GPU goes away: driver crash, sleep, another program's fault. */
  onLost?: (reason: string) => void;
}

/**
 * Starts the tfjs backend that everything after runs on; 'auto' takes WebGPU where there is an adapter.
 *
 * @throws MachineError where the wanted backend can't be had
 */
export async function startDevice(
  wanted: BackendName | 'auto',
  options: StartOptions = {},
): Promise<DeviceInfo> {
  if (wanted === 'wasm') return startWasm(options, 'WebAssembly was asked for');
  const adapter = await findAdapter();
  if (typeof adapter !== 'string') return startWebGPU(adapter, options);
  if (wanted === 'auto') return startWasm(options, adapter);
  throw new MachineError(
    `WebGPU can't be used: ${adapter}. Use --backend wasm, or a machine with a WebGPU adapter.`,
  );
}

/** The best adapter, or a sentence saying why there is none. */
async function findAdapter(): Promise<GPUAdapter | string> {
  const gpu = typeof navigator === 'undefined' ? undefined : navigator.gpu;
  if (!gpu) return 'this platform has no WebGPU';
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    return adapter ?? 'there is WebGPU, but no adapter (graphics processor) for it';
  } catch (error) {
    return `asking for an adapter failed (${error instanceof Error ? error.message : error})`;
  }
}

async function startWebGPU(adapter: GPUAdapter, { onLost }: StartOptions): Promise<DeviceInfo> {
  const { limits } = adapter;
  const device = await adapter.requestDevice({
    requiredFeatures: (['shader-f16', 'subgroups'] as GPUFeatureName[]).filter((f) =>
      adapter.features.has(f),
    ),
    requiredLimits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  });
  device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') onLost?.(message || 'the graphics processor went away');
  });
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info));
  await useBackend('webgpu');
  const name = describe(adapter.info);
  const isSoftware = SOFTWARE.test(name);
  lanes.count = isSoftware ? 1 : HARDWARE_LANES;
  return { backend: 'webgpu', description: `WebGPU, ${name}`, isSoftware, hasFloat16: hasHalf() };
}

function describe({ description, vendor, architecture, device }: GPUAdapterInfo): string {
  return description || [vendor, architecture, device].filter(Boolean).join(' ') || 'unnamed adapter';
}

async function startWasm({ wasmPaths }: StartOptions, whyNotWebGPU: string): Promise<DeviceInfo> {
  if (wasmPaths) setWasmPaths(wasmPaths);
  await useBackend('wasm');
  return {
    backend: 'wasm',
    description: 'WebAssembly',
    isSoftware: true,
    hasFloat16: false,
    whyNotWebGPU,
  };
}

async function useBackend(name: BackendName): Promise<void> {
  const started = await tf.setBackend(name);
  if (!started) throw new MachineError(`The ${name} backend could not be started on this machine.`);
  await tf.ready();
}
