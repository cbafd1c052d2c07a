import * as tf from '@tensorflow/tfjs-core';
import { lanes, SOFTWARE_THREADS } from '../../device/webgpu/lanes';
import { ACROSS, inRows } from '../../device/webgpu/program';
import { type Program, type ProgramOutput, runProgram } from './program';

interface LineProgram {
  key: string;
  /** By their names in the code; the first one's shape, seen as [rows, width], says how many lines there are. */
  inputs: Record<string, tf.TensorInfo>;
  /** One named `result` of the first input's shape where undefined. */
  outputs?: ProgramOutput[];
  floats?: Record<string, number>;
  /** As a program has it. */
  onlyIfRead?: boolean;
  code: string;
}

/**
 * A program over the rows of its first input. The code finds the row's number in `row` and its first element at `start`.
 * `LANES` threads share a row: loops go `for (var j = lane; j < uniforms.width; j += LANES)`, and `total(x)` and
 * `largest(x)` join what each has found. What is written once a row is written by all of them, the same.
 */
export function rowProgram(program: LineProgram): tf.TensorInfo[] {
  const [rows] = linesOf(program);
  const count = lanes.count;
  const together = count === 1 ? SOFTWARE_THREADS : 1;
  const groups = Math.ceil(rows / together);
  return runLines(program, {
    workgroupSize: [count, together, 1],
    dispatch: inRows(groups),
    prelude: `
      let group = i32(workgroupId.x) + i32(workgroupId.y) * ${ACROSS};
      let row = min(group * ${together} + i32(localId.y), uniforms.rows - 1);
      let start = row * uniforms.width;`,
  });
}

/**
 * As `rowProgram`, over columns: element `row` of column `column` lies at `row * uniforms.width + column`, and loops go
 * `for (var row = lane; row < uniforms.rows; row += LANES)`.
 */
export function columnProgram(program: LineProgram): tf.TensorInfo[] {
  const [, width] = linesOf(program);
  const count = lanes.count === 1 ? 1 : lanes.count / 4;
  const together = count === 1 ? SOFTWARE_THREADS : 16;
  return runLines(program, {
    // Neighbouring threads read neighbouring columns, so here the lanes come second.
    workgroupSize: [together, count, 1],
    dispatch: [Math.ceil(width / together), 1, 1],
    prelude: `let column = min(i32(globalId.x), uniforms.width - 1);`,
    byColumn: true,
  });
}

function linesOf({ inputs }: LineProgram): [rows: number, width: number] {
  const [{ shape }] = Object.values(inputs);
  const width = shape[shape.length - 1];
  return [tf.util.sizeFromShape(shape) / width, width];
}

interface Threads extends Pick<Program, 'workgroupSize' | 'dispatch'> {
  prelude: string;
  byColumn?: boolean;
}

function runLines(program: LineProgram, { prelude, byColumn = false, ...threads }: Threads): tf.TensorInfo[] {
  const { key, inputs, floats, onlyIfRead, code } = program;
  const [rows, width] = linesOf(program);
  const [x, y] = threads.workgroupSize;
  const count = byColumn ? y : x;
  return runProgram(
    {
      key: `${key}_${count}`,
      inputs: Object.keys(inputs),
      outputs: program.outputs ?? [{ name: 'result', shape: Object.values(inputs)[0].shape }],
      integers: { rows, width },
      floats,
      onlyIfRead,
      ...threads,
      functions: `const LANES = ${count}; ${count > 1 ? joins(x, y, byColumn) : ALONE}`,
      code: `
        ${count > 1 ? 'threadX = i32(localId.x); threadY = i32(localId.y);' : ''}
        let lane = i32(localId.${byColumn ? 'y' : 'x'});
        ${prelude}
        ${code}`,
    },
    Object.values(inputs),
  );
}

const ALONE = 'fn total(x : f32) -> f32 { return x; } fn largest(x : f32) -> f32 { return x; }';

/** Joins the lanes' values in shared memory, halving their number each time. */
function joins(x: number, y: number, byColumn: boolean): string {
  const [at, other] = byColumn ? [`threadY * ${x} + threadX`, x] : ['threadX', 1];
  const lane = byColumn ? 'threadY' : 'threadX';
  const first = byColumn ? 'threadX' : '0';
  const join = (name: string, combine: string) => `
    fn ${name}(value : f32) -> f32 {
      let at = ${at};
      joined[at] = value;
      workgroupBarrier();
      for (var half = LANES / 2; half > 0; half = half / 2) {
        if (${lane} < half) { let a = joined[at]; let b = joined[at + half * ${other}]; joined[at] = ${combine}; }
        workgroupBarrier();
      }
      let result = joined[${first}];
      workgroupBarrier();
      return result;
    }`;
  return `
    var<workgroup> joined : array<f32, ${x * y}>;
    var<private> threadX : i32;
    var<private> threadY : i32;
    ${join('total', 'a + b')}
    ${join('largest', 'max(a, b)')}`;
}
