import v8 from 'node:v8';
// For its side effect: in Node it registers the gradients of tfjs-core's ops.
import '@tensorflow/tfjs';
import type { BackendName, DeviceInfo } from '../device/info';
import { startDevice } from '../device/start';
import { isSoftware } from '../device/webgpu/lanes';
import { InputError } from '../files/folder';
import { tuneMatmul } from '../ops/webgpu/matmulTuning';
import { say } from './say';
import { tuningFile } from './tuningFile';

// Node 20 has WebAssembly's relaxed vectors, finished since, behind this flag.
if (process.versions.node.startsWith('20.')) v8.setFlagsFromString('--experimental-wasm-relaxed-simd');

/** Gives Node a `navigator.gpu` as browsers have it, by Dawn, the WebGPU of Chromium; where Dawn can't run, it says so. */
export async function installNodeWebGPU(): Promise<void> {
  try {
    const { create, globals } = await import('webgpu');
    Object.assign(globalThis, globals);
    Object.defineProperty(globalThis, 'navigator', {
      value: { gpu: create([]), userAgent: `Node.js/${process.versions.node}`, platform: process.platform },
      configurable: true,
    });
    pollGently();
  } catch (error) {
    say(`WebGPU for Node can't be loaded: ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * Dawn looks for the device's answers in a loop of setImmediate, which keeps a core busy that an adapter on the CPU could
 * compute with. There, let it look once a millisecond. Its callbacks are the ones that are no JavaScript.
 */
function pollGently(): void {
  const { setImmediate } = globalThis;
  const isNative = (callback: unknown) => String(callback).includes('[native code]');
  const gently = (callback: (...args: unknown[]) => void, ...args: unknown[]) =>
    isSoftware() && isNative(callback) ? setTimeout(callback, 1, ...args) : setImmediate(callback, ...args);
  Object.assign(globalThis, { setImmediate: gently });
}

/** Starts what `--backend` asks for; without it WebGPU, or wasm where there is no adapter. Says on stderr which it is. */
export async function startBackend(flag: string | undefined): Promise<DeviceInfo> {
  const wanted = parseBackend(flag);
  if (wanted !== 'wasm') await installNodeWebGPU();
  const info = await startDevice(wanted);
  if (info.backend === 'webgpu') await tuneMatmul({ store: tuningFile });
  if (wanted === 'auto' && info.whyNotWebGPU) {
    say(`Running on ${info.description}, because ${info.whyNotWebGPU}.`);
  } else {
    say(`Running on ${info.description}.`);
  }
  return info;
}

function parseBackend(flag = 'auto'): BackendName | 'auto' {
  if (flag === 'auto' || flag === 'webgpu' || flag === 'wasm') return flag;
  throw new InputError(`--backend ${flag}: webgpu, wasm or auto would be right.`);
}
