import type * as tf from '@tensorflow/tfjs-core';
import { webgpuBackend } from '../../device/webgpu/backend';
import { dispatch } from '../../device/webgpu/dispatch';
import { isSoftware, SOFTWARE_THREADS } from '../../device/webgpu/lanes';
import {
  ACROSS,
  type ProgramOutput as DeviceOutput,
  type Program as DeviceProgram,
  inRows,
} from '../../device/webgpu/program';

export interface ProgramOutput extends DeviceOutput {
  shape: number[];
  /** Written in place where given; the code may read it. */
  tensor?: tf.TensorInfo;
}

/** A WGSL compute program over tensors. */
export interface Program extends DeviceProgram {
  outputs: ProgramOutput[];
}

/** Runs a program on the current (WebGPU) backend. Returns its outputs in order. */
export function runProgram(program: Program, inputs: tf.TensorInfo[]): tf.TensorInfo[] {
  const backend = webgpuBackend();
  const outputs = program.outputs.map(
    ({ shape, tensor }) => tensor ?? backend.makeTensorInfo(shape, 'float32'),
  );
  dispatch(program, inputs, outputs);
  return outputs;
}

/** From here on, software adapters would spend their time on starting small workgroups. */
const MANY_ITEMS = 2 ** 18;

/** Dispatch for programs with one thread an item: `item` is its number, to be checked against how many there are. */
export function oneThreadEach(items: number): Pick<Program, 'workgroupSize' | 'dispatch'> & { item: string } {
  const threads = isSoftware() && items < MANY_ITEMS ? SOFTWARE_THREADS : 64;
  const groups = Math.ceil(items / threads);
  return {
    workgroupSize: [threads, 1, 1],
    dispatch: inRows(groups),
    item: `let item = i32(globalId.x + globalId.y * ${ACROSS * threads}u);`,
  };
}
