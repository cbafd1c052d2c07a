import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import * as tf from '@tensorflow/tfjs-core';
import { startDevice } from '../device/start';

/** Starts WebAssembly from what the page has in it. */
export async function startWasm(): Promise<void> {
  // Threads would need a page that is isolated from others, which one from disk is not.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  // tfjs wants a place for each of its builds, though it takes but this one.
  const builds = ['', '-simd', '-threaded-simd'].map((build) => [`tfjs-backend-wasm${build}.wasm`, simd]);
  await startDevice('wasm', { wasmPaths: Object.fromEntries(builds) });
}
