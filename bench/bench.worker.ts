// For its side effect: the gradients of the tfjs ops.
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { expose } from 'comlink';
import { type PartName, runBench } from './bench';
import { ENGINE_NAMES, OUR_ENGINES } from './engines/engine';
import { OUR_TOWERS } from './inference/ours';
import { platformOf } from './platform';
import type { BenchResult } from './result';
import { STEP_SHAPES } from './shapes';

/** What is to be measured. */
export interface Choice {
  parts: PartName[];
  /** By name. */
  shapes: string[];
  /** Whether tfjs and jax-js are measured too. */
  rivals: boolean;
}

/** What the page asks of its worker, where all measuring happens. */
export interface BenchApi {
  run(choice: Choice, report: (message: string) => void): Promise<BenchResult>;
}

const api: BenchApi = {
  run: ({ parts, shapes, rivals }, report) =>
    runBench({
      shapes: STEP_SHAPES.filter(({ name }) => shapes.includes(name)),
      parts,
      engines: rivals ? ENGINE_NAMES : OUR_ENGINES,
      createTorch: () => Promise.reject(new Error('PyTorch is measured in Node only.')),
      // onnxruntime-web's binaries are bigger than the whole page, so it is measured in Node only.
      towers: OUR_TOWERS,
      platform: platformOf(navigator.userAgent),
      report,
      wasmPaths: {
        'tfjs-backend-wasm.wasm': plain,
        'tfjs-backend-wasm-simd.wasm': simd,
        'tfjs-backend-wasm-threaded-simd.wasm': threadedSimd,
      },
    }),
};

expose(api);
