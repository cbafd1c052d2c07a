export interface ProgramOutput {
  /** Its name in the code: an `array<f32>`, or `array<vec4<f32>>` with `vec4`. */
  name: string;
  vec4?: boolean;
}

/** A WGSL compute program, with uniforms of its own. */
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
  /** Where nobody reads what it writes, a traced step does without it. */
  onlyIfRead?: boolean;
  /** Subgroup functions may be called, and `subgroupLane` is there to read; the device must have 'subgroups'. */
  subgroups?: boolean;
}

/** Workgroups along x where there are more than a dispatch may have there: number i is at (i mod ACROSS, ⌊i / ACROSS⌋). */
export const ACROSS = 32_768;

export const inRows = (groups: number): Program['dispatch'] => [
  Math.min(groups, ACROSS),
  Math.ceil(groups / ACROSS),
  1,
];

export interface Compiled {
  pipeline: GPUComputePipeline;
  layout: GPUBindGroupLayout;
}

/** What a program's code calls by `name`. */
export interface Binding {
  name: string;
  kind: 'uniform' | 'storage, read' | 'storage, read_write';
  type: string;
}

/** In the order in which they are bound: the uniforms, if any, then inputs and outputs. */
export function bindingsOf(program: Program): Binding[] {
  const { inputs, outputs, vec4 = [], float16 = [] } = program;
  const array = (isVector: boolean | undefined, number = 'f32') =>
    `array<${isVector ? `vec4<${number}>` : number}>`;
  return [
    ...(uniformNames(program).length > 0
      ? [{ name: 'uniforms', kind: 'uniform' as const, type: 'Uniforms' }]
      : []),
    ...inputs.map((name) => ({
      name,
      kind: 'storage, read' as const,
      type: array(vec4.includes(name), float16.includes(name) ? 'f16' : 'f32'),
    })),
    ...outputs.map(({ name, vec4: isVector }) => ({
      name,
      kind: 'storage, read_write' as const,
      type: array(isVector),
    })),
  ];
}

const uniformNames = ({ integers = {}, floats = {} }: Program) => [
  ...Object.keys(integers).map((name) => `${name} : i32`),
  ...Object.keys(floats).map((name) => `${name} : f32`),
];

/** All parameters are 4 bytes long, so they lie one after the other. */
export function packUniforms({ integers = {}, floats = {} }: Program): ArrayBuffer {
  const whole = Object.values(integers);
  const fractions = Object.values(floats);
  const bytes = new ArrayBuffer(4 * (whole.length + fractions.length));
  new Int32Array(bytes, 0, whole.length).set(whole);
  new Float32Array(bytes, 4 * whole.length).set(fractions);
  return bytes;
}

/** Of each device, so that they go with it. */
const compiled = new WeakMap<GPUDevice, Map<string, Compiled>>();

/** A program's pipeline. */
export function pipelineOf(device: GPUDevice, program: Program): Compiled {
  return compiledOnce(device, `${program.key}, ${program.workgroupSize}`, bindingsOf(program), () =>
    sourceOf(program),
  );
}

/** Compiles what has not been compiled for this device yet. */
export function compiledOnce(
  device: GPUDevice,
  key: string,
  bindings: Pick<Binding, 'kind'>[],
  source: () => string,
): Compiled {
  const known = compiled.get(device) ?? new Map<string, Compiled>();
  compiled.set(device, known);
  const found = known.get(key) ?? compile(device, key, bindings, source());
  known.set(key, found);
  return found;
}

const LAYOUT_TYPES: Record<Binding['kind'], GPUBufferBindingType> = {
  uniform: 'uniform',
  'storage, read': 'read-only-storage',
  'storage, read_write': 'storage',
};

function compile(device: GPUDevice, key: string, bindings: Pick<Binding, 'kind'>[], code: string): Compiled {
  const layout = device.createBindGroupLayout({
    entries: bindings.map(({ kind }, binding) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type: LAYOUT_TYPES[kind] },
    })),
  });
  const pipeline = device.createComputePipeline({
    label: key,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module: device.createShaderModule({ label: key, code }) },
  });
  return { pipeline, layout };
}

export const declaration = ({ kind, name, type }: Binding, number: number): string =>
  `@group(0) @binding(${number}) var<${kind}> ${name} : ${type};`;

export const uniformsStruct = (program: Program, name = 'Uniforms'): string => {
  const names = uniformNames(program);
  return names.length > 0 ? `struct ${name} { ${names.join(', ')} }` : '';
};

export const extensions = (programs: Program[]): string => `
${programs.some(({ float16 = [] }) => float16.length > 0) ? 'enable f16;' : ''}
${programs.some(({ subgroups }) => subgroups) ? 'enable subgroups;' : ''}`;

function sourceOf(program: Program): string {
  const { workgroupSize, functions = '', subgroups, code } = program;
  return `
${extensions([program])}
${uniformsStruct(program)}
${bindingsOf(program).map(declaration).join('\n')}
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
