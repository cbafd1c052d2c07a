import type * as tf from '@tensorflow/tfjs-core';
import { type BackendInternals, webgpuBackend } from '../../device/webgpu/backend';
import { dispatch } from '../../device/webgpu/dispatch';

export interface ProgramOutput {
  /** Its name in the code: an `array<f32>`, or `array<vec4<f32>>` with `vec4`. */
  name: string;
  shape: number[];
  vec4?: boolean;
  /** Written in place where given; the code may read it. */
  tensor?: tf.TensorInfo;
}

/** A WGSL compute program over tensors, with uniforms of its own. */
export interface Program {
  /** Names the generated code: programs with the same key share a compiled pipeline. */
  key: string;
  /** The inputs' names in the code, each an `array<f32>` unless `types` says otherwise. */
  inputs: string[];
  /** Inputs that are read as `array<vec4<f32>>`. */
  vec4?: string[];
  /** Inputs whose numbers are float16; the device must have 'shader-f16'. */
  float16?: string[];
  outputs: ProgramOutput[];
  /** Integer and float parameters, read as `uniforms.NAME`. */
  integers?: Record<string, number>;
  floats?: Record<string, number>;
  workgroupSize: [number, number, number];
  /** Workgroups along x, y, z. */
  dispatch: [number, number, number];
  /** The body of `main`; `globalId`, `localId`, `workgroupId` and `localIndex` are there to read. */
  code: string;
  /** What stands before `main`: functions, workgroup variables. */
  functions?: string;
  /** Subgroup functions may be called, and `subgroupLane` is there to read; the device must have 'subgroups'. */
  subgroups?: boolean;
}

/** Runs a program on the current (WebGPU) backend. Returns its outputs in order. */
export function runProgram(program: Program, inputs: tf.TensorInfo[]): tf.TensorInfo[] {
  const backend = webgpuBackend();
  const outputs = program.outputs.map(
    ({ shape, tensor }) => tensor ?? backend.makeTensorInfo(shape, 'float32'),
  );
  const uniforms = packUniforms(program);
  dispatch({
    ...pipelineOf(backend, program),
    uniforms: uniforms.byteLength > 0 ? uniforms : undefined,
    inputs,
    outputs,
    workgroups: program.dispatch,
  });
  return outputs;
}

interface Compiled {
  pipeline: GPUComputePipeline;
  layout: GPUBindGroupLayout;
}

/** Of each device, so that they go with it. */
const compiled = new WeakMap<GPUDevice, Map<string, Compiled>>();

function pipelineOf({ device }: BackendInternals, program: Program): Compiled {
  const known = compiled.get(device) ?? new Map<string, Compiled>();
  compiled.set(device, known);
  const found = known.get(program.key) ?? compile(device, program);
  known.set(program.key, found);
  return found;
}

function compile(device: GPUDevice, program: Program): Compiled {
  const { key, inputs, outputs } = program;
  const types: GPUBufferBindingType[] = [
    ...(uniformNames(program).length > 0 ? (['uniform'] as const) : []),
    ...inputs.map(() => 'read-only-storage' as const),
    ...outputs.map(() => 'storage' as const),
  ];
  const layout = device.createBindGroupLayout({
    entries: types.map((type, binding) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type },
    })),
  });
  const pipeline = device.createComputePipeline({
    label: key,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module: device.createShaderModule({ label: key, code: sourceOf(program) }) },
  });
  return { pipeline, layout };
}

const uniformNames = ({ integers = {}, floats = {} }: Program) => [
  ...Object.keys(integers).map((name) => `${name} : i32`),
  ...Object.keys(floats).map((name) => `${name} : f32`),
];

/** All parameters are 4 bytes long, so they lie one after the other. */
function packUniforms({ integers = {}, floats = {} }: Program): ArrayBuffer {
  const whole = Object.values(integers);
  const fractions = Object.values(floats);
  const bytes = new ArrayBuffer(4 * (whole.length + fractions.length));
  new Int32Array(bytes, 0, whole.length).set(whole);
  new Float32Array(bytes, 4 * whole.length).set(fractions);
  return bytes;
}

function sourceOf(program: Program): string {
  const {
    inputs,
    outputs,
    vec4 = [],
    float16 = [],
    workgroupSize,
    functions = '',
    subgroups,
    code,
  } = program;
  const names = uniformNames(program);
  const declarations: string[] = [];
  const declare = (kind: string, name: string, type: string) =>
    declarations.push(`@group(0) @binding(${declarations.length}) var<${kind}> ${name} : ${type};`);
  if (names.length > 0) declare('uniform', 'uniforms', 'Uniforms');
  const array = (isVector: boolean | undefined, number = 'f32') =>
    `array<${isVector ? `vec4<${number}>` : number}>`;
  for (const name of inputs)
    declare('storage, read', name, array(vec4.includes(name), float16.includes(name) ? 'f16' : 'f32'));
  for (const { name, vec4: isVector } of outputs) declare('storage, read_write', name, array(isVector));
  return `
${float16.length > 0 ? 'enable f16;' : ''}
${subgroups ? 'enable subgroups;' : ''}
${names.length > 0 ? `struct Uniforms { ${names.join(', ')} }` : ''}
${declarations.join('\n')}
${functions}
@compute @workgroup_size(${workgroupSize})
fn main(
  @builtin(global_invocation_id) globalId : vec3<u32>,
  @builtin(local_invocation_id) localId : vec3<u32>,
  @builtin(local_invocation_index) localIndex : u32,
  @builtin(workgroup_id) workgroupId : vec3<u32>,
  ${subgroups ? '@builtin(subgroup_invocation_id) subgroupLane : u32,' : ''}
) {
${code}
}`;
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
