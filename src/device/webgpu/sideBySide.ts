import { webgpuBackend } from './backend';
import {
  ACROSS,
  type Binding,
  bindingsOf,
  type Compiled,
  compiledOnce,
  declaration,
  extensions,
  inRows,
  type Program,
  packUniforms,
  uniformsStruct,
} from './program';
import { type Part, type Resource, Uniforms } from './trace';

interface Bound extends Omit<Binding, 'name'> {
  resource: Resource;
}

/** Several programs in one dispatch, each with workgroups of its own. None may need what another writes. */
export interface SideBySide {
  /** By their bindings. */
  resources: Resource[];
  workgroups: [number, number, number];
  compile: () => Compiled;
}

export function sideBySide(parts: Part[]): SideBySide {
  const placed = withPlaces(parts);
  const { bound, numbers } = bind(placed);
  const programs = placed.map(({ program }) => program);
  const groups = programs.reduce((sum, { dispatch: [x, y, z] }) => sum + x * y * z, 0);
  const key = programs
    .map((program, i) => `${program.key}, ${program.workgroupSize} [${numbers[i]}]`)
    .join(' beside ');
  return {
    resources: bound.map(({ resource }) => resource),
    workgroups: inRows(groups),
    compile: () => compiledOnce(webgpuBackend().device, key, bound, () => sourceOf(programs, bound, numbers)),
  };
}

/** With which workgroups are whose in the uniforms: so the code is the same for all sizes. */
function withPlaces(parts: Part[]): Part[] {
  let endGroup = 0;
  return parts.map((part) => {
    const [groupsX, groupsY, groupsZ] = part.program.dispatch;
    const firstGroup = endGroup;
    endGroup += groupsX * groupsY * groupsZ;
    const integers = { ...part.program.integers, groupsX, groupsY, firstGroup, endGroup };
    return { ...part, program: { ...part.program, integers } };
  });
}

/** All that is bound, and the numbers of each part's bindings: what several parts read is bound once. */
function bind(parts: Part[]): { bound: Bound[]; numbers: number[][] } {
  const bound: Bound[] = [];
  const numberOf = (one: Bound) => {
    const found = bound.findIndex(
      ({ resource, kind, type }) =>
        kind === 'storage, read' && kind === one.kind && type === one.type && isSame(resource, one.resource),
    );
    return found < 0 ? bound.push(one) - 1 : found;
  };
  const numbers = parts.map(({ program, inputs, outputs }) => {
    const resources = [new Uniforms(packUniforms(program)), ...inputs, ...outputs];
    return bindingsOf(program).map(({ kind, type }, i) => numberOf({ kind, type, resource: resources[i] }));
  });
  return { bound, numbers };
}

/** Whether these are the same numbers in the same place. */
function isSame(a: Resource, b: Resource): boolean {
  if (a === b) return true;
  if (!('buffer' in a && 'buffer' in b)) return false;
  return a.buffer === b.buffer && a.offset === b.offset && a.size === b.size;
}

/** Parts of one dispatch: so few, since each combination is compiled. */
const MOST_PARTS = 4;

/** Whether the device can run them in one dispatch: as many threads a workgroup, and together no more than it allows. */
export function fitSideBySide(parts: Part[]): boolean {
  const { limits } = webgpuBackend().device;
  const programs = parts.map(({ program }) => program);
  const threads = new Set(programs.map(({ workgroupSize: [x, y, z] }) => x * y * z));
  if (parts.length > MOST_PARTS || threads.size > 1) return false;
  const buffers = bind(withPlaces(parts)).bound.filter(({ kind }) => kind !== 'uniform').length;
  const bytes = programs.reduce((sum, program) => sum + workgroupBytes(program), 0);
  return buffers <= limits.maxStorageBuffersPerShaderStage && bytes <= limits.maxComputeWorkgroupStorageSize;
}

const BYTES: Record<string, number> = { f32: 4, 'vec4<f32>': 16, 'vec4<f16>': 8 };

/** What a program's workgroup variables take. */
function workgroupBytes({ functions = '' }: Program): number {
  const arrays = [...functions.matchAll(/var<workgroup> \w+ : array<(.+), (\d+)>;/g)];
  return arrays.reduce((sum, [, type, count]) => sum + (BYTES[type] ?? 16) * Number(count), 0);
}

function sourceOf(programs: Program[], bound: Bound[], numbers: number[][]): string {
  const subgroups = programs.some((program) => program.subgroups);
  const lane = subgroups ? 'subgroupLane' : '0u';
  const declarations = bound.map(({ kind, type }, number) => {
    const owner = numbers.findIndex((own) => own.includes(number));
    const own = kind === 'uniform' ? `part${owner}_${type}` : type;
    return declaration({ name: `bound${number}`, kind, type: own }, number);
  });
  const branches = numbers.map(
    ([uniforms], i) =>
      `if (group < bound${uniforms}.endGroup) { part${i}(group - bound${uniforms}.firstGroup, localIndex, ${lane}); }`,
  );
  return `
${extensions(programs)}
${programs.map((program, i) => uniformsStruct(program, `part${i}_Uniforms`)).join('\n')}
${declarations.join('\n')}
${programs.map((program, i) => functionOf(program, i, numbers[i])).join('\n')}
@compute @workgroup_size(${threadsOf(programs[0])})
fn main(
  @builtin(local_invocation_index) localIndex : u32,
  @builtin(workgroup_id) workgroup : vec3<u32>,
  ${subgroups ? '@builtin(subgroup_invocation_id) subgroupLane : u32,' : ''}
) {
  let group = i32(workgroup.x + workgroup.y * ${ACROSS}u);
  ${branches.join(' else ')}
}`;
}

const threadsOf = ({ workgroupSize: [x, y, z] }: Program): number => x * y * z;

/** A program as a function that sees its own workgroups; its names get a prefix, or are those of its bindings. */
function functionOf(program: Program, part: number, numbers: number[]): string {
  const { functions = '', code, workgroupSize } = program;
  const [x, y] = workgroupSize;
  const names = new Map(bindingsOf(program).map(({ name }, i) => [name, `bound${numbers[i]}`]));
  for (const [, name] of functions.matchAll(/\b(?:fn|const|var<\w+>) (\w+)/g))
    names.set(name, `part${part}_${name}`);
  const renamed = (text: string) =>
    text.replace(
      new RegExp(`(?<![\\w.])(?:${[...names.keys()].join('|')})(?!\\w)`, 'g'),
      (name) => names.get(name) ?? name,
    );
  const uniforms = renamed('uniforms');
  return `
${renamed(functions)}
fn part${part}(groupOfPart : i32, localIndex : u32, subgroupLane : u32) {
  let across = ${uniforms}.groupsX;
  let down = ${uniforms}.groupsY;
  let workgroupId = vec3<u32>(vec3(groupOfPart % across, groupOfPart / across % down, groupOfPart / across / down));
  let localId = vec3<u32>(localIndex % ${x}u, localIndex / ${x}u % ${y}u, localIndex / ${x * y}u);
  let globalId = workgroupId * vec3<u32>(${workgroupSize.map((size) => `${size}u`)}) + localId;
  {
${renamed(code)}
  }
}`;
}
