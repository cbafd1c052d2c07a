import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';

/** A WGSL program as the tfjs WebGPU backend runs it: one output, any number of inputs, uniforms of our own. */
export interface Program {
  /** Names the generated code: programs with the same key share a compiled pipeline. */
  key: string;
  /** The inputs' names in the code, each an `array<f32>` or, where listed in `vec4`, an `array<vec4<f32>>`. */
  inputs: string[];
  vec4?: string[];
  /** The output `result` is an `array<vec4<f32>>`. */
  vec4Output?: boolean;
  outputShape: number[];
  /** Integer and float parameters, read as `uniforms.NAME`. */
  integers?: Record<string, number>;
  floats?: Record<string, number>;
  workgroupSize: [number, number, number];
  /** Workgroups along x, y, z. */
  dispatch: [number, number, number];
  /** The body of `main()`; `globalId` and `localId` are there to read. */
  code: string;
  /** Functions that the body calls. */
  functions?: string;
}

/**
 * Runs a program on the current (WebGPU) backend.
 *
 * @param output written in place where given; the program may read it as `result`
 */
export function runProgram(
  program: Program,
  tensors: tf.TensorInfo[],
  output?: tf.TensorInfo,
): tf.TensorInfo {
  const backend = tf.backend() as WebGPUBackend;
  const integers = Object.entries(program.integers ?? {});
  const floats = Object.entries(program.floats ?? {});
  const uniforms = [
    ...integers.map(([, value]) => ({ type: 'int32', data: [value] })),
    ...floats.map(([, value]) => ({ type: 'float32', data: [value] })),
  ];
  const description = {
    variableNames: program.inputs,
    variableComponents: program.inputs.map((name) => (program.vec4?.includes(name) ? 4 : 1)),
    outputComponent: program.vec4Output ? 4 : 1,
    outputShape: program.outputShape,
    uniforms: [
      ...integers.map(([name]) => `${name} : i32,`),
      ...floats.map(([name]) => `${name} : f32,`),
    ].join(' '),
    workgroupSize: program.workgroupSize,
    dispatch: program.dispatch,
    dispatchLayout: layoutOf(program.outputShape.length),
    shaderKey: program.key,
    getUserCode: () => `${program.functions ?? ''}\nfn main() {\n${program.code}\n}`,
  };
  return backend.runWebGPUProgram(description, tensors, 'float32', uniforms, output);
}

/** A layout that tfjs accepts and does not take for a flat one, so that `main()` is called without an index. */
function layoutOf(rank: number): { x: number[]; y: number[]; z: number[] } {
  if (rank < 2) return { x: [], y: [0], z: [] };
  return { x: [rank - 1], y: [rank - 2], z: [...Array(rank - 2).keys()] };
}

/** What a program wrote, as a tensor that tidy and the profiler know of. */
export function toTensor(info: tf.TensorInfo): tf.Tensor {
  return tf.engine().makeTensorFromTensorInfo(info);
}

/** Runs a program that changes a variable's own buffer (it reads and writes `result`). */
export function runInPlace(
  program: Omit<Program, 'outputShape'>,
  variable: tf.Variable,
  tensors: tf.TensorInfo[],
): void {
  const backend = tf.backend() as WebGPUBackend;
  runProgram({ ...program, outputShape: variable.shape }, tensors, variable);
  // The backend keeps a copy in main memory of what it uploaded or read back; it is out of date now.
  const data: { values?: tf.BackendValues } = backend.tensorMap.get(variable.dataId);
  data.values = undefined;
}

/** True where the current backend runs WGSL. */
export function onWebGPU(): boolean {
  return tf.getBackend() === 'webgpu';
}

/** Dispatch for programs with one thread an item, 64 a workgroup: `item` is its number, checked against `items`. */
export function oneThreadEach(items: number): Pick<Program, 'workgroupSize' | 'dispatch'> & { item: string } {
  const groups = Math.ceil(items / 64);
  const width = Math.min(groups, 32768);
  return {
    workgroupSize: [64, 1, 1],
    dispatch: [width, Math.ceil(groups / width), 1],
    item: `let item = i32(globalId.x + globalId.y * ${width * 64}u);`,
  };
}
