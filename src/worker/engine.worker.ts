// For their side effects: tfjs with its flags, which must come first, then the gradients of its ops.
import '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { expose } from 'comlink';
import { createDecodePool } from '../data/images/decodePool';
import { BEGAN } from '../files/beginWorker';
import { tellFetches } from '../files/notedFetch';
import { prefetched } from '../files/prefetched';
import { urlSource } from '../files/url';
import { Engine } from './engine';
import { DEVICE_LOST } from './signals';

const { protocol, host, pathname } = new URL('.', self.name);
const processors = navigator.hardwareConcurrency ?? 2;

const folder = `${protocol}//${host}${pathname}`;

tellFetches();

async function answersTemplate(): Promise<string | undefined> {
  const response = await fetch(`${folder}answers.html`);
  return response.ok ? response.text() : undefined;
}

/**
 * What every page opens with; it comes while the device starts. The largest is the last. The demo has no
 * processor_config.json: that this is so is known, too, before it is asked for.
 */
const FIRST = [
  'demo.json',
  'images/default.zip',
  'teacher/config.json',
  'teacher/tokenizer.json',
  'teacher/tokenizer_config.json',
  'teacher/preprocessor_config.json',
  'teacher/processor_config.json',
  'teacher/model.safetensors',
];

expose(
  new Engine({
    demo: prefetched(urlSource(`${folder}demo`), FIRST),
    answersTemplate,
    onLost: () => postMessage(DEVICE_LOST),
    decodePool: createDecodePool(Math.max(1, Math.min(4, processors - 1))),
    wasmPaths: {
      'tfjs-backend-wasm.wasm': plain,
      'tfjs-backend-wasm-simd.wasm': simd,
      'tfjs-backend-wasm-threaded-simd.wasm': threadedSimd,
    },
  }),
);

const begin = () => postMessage(BEGAN);

// Held until this worker ends: that the page, which asks for it after the first answer, gets it is the sign. This worker
// begins when it has it, since on a busy machine the page was given it first.
if (navigator.locks)
  navigator.locks
    .request(self.name, () => {
      begin();
      return new Promise(() => {});
    })
    .catch(begin);
else begin();
