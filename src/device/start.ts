import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { MachineError } from '../files/folder';
import type { BackendName, DeviceInfo } from './info';
import { hasHalf } from './webgpu/half';
import { HARDWARE_LANES, joining, lanes } from './webgpu/lanes';
import { waitPromptly } from './webgpu/promptWaits';

/** Adapters that are programs on the CPU, by what they call themselves. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

/** A device that is silent for so long is not there: a driver hangs, or WebAssembly's program could not be fetched. */
const ANSWERS_WITHIN_S = 30;

export interface StartOptions {
  /** Where the wasm backend's binaries are served, by their file name; not needed in Node. */
  wasmPaths?: Record<string, string>;
  /** Whether compute passes can be timed, where the adapter can. */
  timesPasses?: boolean;
  /** Called when the device goes away: driver crash, sleep, another program's fault, `destroy()`. */
  onLost?: () => void;
}

/**
 * Starts the tfjs backend that everything after runs on; 'auto' takes WebGPU where there is an adapter that works.
 *
 * @throws MachineError where the wanted backend can't be had
 */
export async function startDevice(
  wanted: BackendName | 'auto',
  options: StartOptions = {},
): Promise<DeviceInfo> {
  if (wanted === 'wasm') return startWasm(options, 'WebAssembly was asked for');
  const started = await startWebGPU(options);
  if (typeof started !== 'string') return started;
  if (wanted === 'auto') return startWasm(options, started);
  throw new MachineError(
    `WebGPU can't be used: ${started}. Use --backend wasm, or a machine with a WebGPU adapter.`,
  );
}

/** WebGPU on the best adapter, or a sentence saying why not. What the platform says of it goes to the console. */
async function startWebGPU(options: StartOptions): Promise<DeviceInfo | string> {
  const gpu = typeof navigator === 'undefined' ? undefined : navigator.gpu;
  if (!gpu) return 'this platform has no WebGPU';
  let adapter: GPUAdapter | null;
  try {
    adapter = await inTime(gpu.requestAdapter({ powerPreference: 'high-performance' }));
  } catch (error) {
    console.warn(error);
    return 'asking for an adapter (graphics processor) failed';
  }
  if (!adapter) return 'there is WebGPU, but no adapter (graphics processor) for it';
  try {
    return await startAdapter(adapter, options);
  } catch (error) {
    console.warn(error);
    return `the graphics processor (${nameOf(adapter.info) || 'unnamed'}) could not be started`;
  }
}

async function startAdapter(adapter: GPUAdapter, { onLost, timesPasses }: StartOptions): Promise<DeviceInfo> {
  const { limits, info } = adapter;
  const features: GPUFeatureName[] = ['shader-f16', 'subgroups'];
  if (timesPasses) features.push('timestamp-query');
  const requested = adapter.requestDevice({
    requiredFeatures: features.filter((feature) => adapter.features.has(feature)),
    requiredLimits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  });
  const device = await inTime(requested);
  device.lost.then(({ reason, message }) => {
    console.warn(reason, message);
    onLost?.();
  });
  if (isFirefox()) waitPromptly(device);
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, info));
  await useBackend('webgpu');
  const name = nameOf(info);
  // Firefox names no adapter, but tells whether it is one.
  const isSoftware = info.isFallbackAdapter || SOFTWARE.test(name);
  lanes.count = isSoftware ? 1 : HARDWARE_LANES;
  joining.isOn = !/swiftshader/i.test(name);
  return {
    backend: 'webgpu',
    description: ['WebGPU', name].filter(Boolean).join(', '),
    isSoftware,
    hasFloat16: hasHalf(),
  };
}

/** What an adapter calls itself; '' where the browser doesn't tell. */
const nameOf = ({ description, vendor, architecture, device }: GPUAdapterInfo): string =>
  description || [vendor, architecture, device].filter(Boolean).join(' ');

const NOT_ISOLATED =
  'It has one thread, since this server does not isolate its pages from others; from the second visit on it has all, where the browser keeps the page and can share memory.';

const NOT_SHARED = 'It has one thread, since this browser shares no memory between several.';

const isFirefox = (): boolean => typeof navigator !== 'undefined' && /Firefox/.test(navigator.userAgent);

async function startWasm({ wasmPaths }: StartOptions, whyNotWebGPU: string): Promise<DeviceInfo> {
  if (wasmPaths) setWasmPaths(wasmPaths);
  // Of tfjs's own operations, which have little left to do. Its threads wait for work by spinning, and get in the way.
  setThreadsCount(1);
  await useBackend('wasm');
  const isShared = await tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT');
  // The kernels' threads.
  const threads = isShared ? navigator.hardwareConcurrency : 1;
  return {
    backend: 'wasm',
    description: `WebAssembly, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    isSoftware: true,
    hasFloat16: false,
    whyNotWebGPU,
    whyOneThread: isShared ? undefined : whyOneThread(),
  };
}

function whyOneThread(): string | undefined {
  // Node has no such property.
  if (globalThis.crossOriginIsolated === undefined) return undefined;
  return globalThis.crossOriginIsolated ? NOT_SHARED : NOT_ISOLATED;
}

async function useBackend(name: BackendName): Promise<void> {
  const started = await inTime(tf.setBackend(name));
  if (!started) throw new MachineError(`The ${name} backend could not be started on this machine.`);
  await tf.ready();
}

/** @throws MachineError where the answer takes too long */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `The device has not answered in ${ANSWERS_WITHIN_S} s. Try again; a page, by reloading it.`;
    timer = setTimeout(reject, ANSWERS_WITHIN_S * 1000, new MachineError(message));
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
