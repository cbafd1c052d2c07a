import * as onnxruntime from 'onnxruntime-web';

// What Transformers.js computes with, where there is something: as in a browser, without the native runtime.
Object.assign(globalThis, { [Symbol.for('onnxruntime')]: onnxruntime });

export const transformersJs = await import('@huggingface/transformers');

transformersJs.env.allowRemoteModels = false;
Object.assign(transformersJs.env.backends.onnx.wasm ?? {}, { wasmPaths: undefined });
