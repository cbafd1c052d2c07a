// For its side effect: the gradients of the tfjs ops.
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { expose } from 'comlink';
import { PARTS, runBench } from './bench';
import { ENGINE_NAMES } from './engines/engine';
import { OUR_TOWERS } from './inference/ours';
import type { BenchResult } from './result';
import { STEP_SHAPES } from './shapes';

/** What the page asks of its worker, where all measuring happens. */
export interface BenchApi {
  run(shapes: string[], report: (message: string) => void): Promise<BenchResult>;
}

const api: BenchApi = {
  run: (shapes, report) =>
    runBench({
      shapes: STEP_SHAPES.filter(({ name }) => shapes.includes(name)),
      parts: PARTS,
      engines: ENGINE_NAMES,
      createTorch: () => Promise.reject(new Error('PyTorch is measured in Node only.')),
      // onnxruntime-web's binaries are bigger than the whole page, so it is measured in Node only.
      towers: OUR_TOWERS,
      report,
      wasmPaths: {
        'tfjs-backend-wasm.wasm': plain,
        'tfjs-backend-wasm-simd.wasm': simd,
        'tfjs-backend-wasm-threaded-simd.wasm': threadedSimd,
      },
    }),
};

expose(api);
