import type * as tf from '@tensorflow/tfjs-core';
import type { Program } from './program';
import { runProgram } from './program';

/**
 * Register-tiled matrix product without shared memory or barriers: each thread computes 4 × 8 outputs.
 * CPU adapters run it two to ten times faster than tfjs's shared-memory tiles, whose barriers they must unroll.
 *
 * Layouts, by the axis that lies contiguous: NT: A[m,k] B[n,k]; NN: A[m,k] B[k,n]; TN: A[k,m] B[k,n].
 */
type Layout = 'NT' | 'NN' | 'TN';

/** Where the matrices of a batch lie: element offset of matrix (outer, inner) = outer·outerStride + inner·innerStride. */
export interface Operand {
  tensor: tf.TensorInfo;
  /** Elements from one row to the next, as the matrix lies in memory. */
  rowStride: number;
  outerStride?: number;
  innerStride?: number;
}

export interface MatmulOptions {
  layout: Layout;
  /** Rows and columns of the result, and the length of the sums. */
  m: number;
  n: number;
  k: number;
  a: Operand;
  b: Operand;
  /** Layout of the result; its tensor's shape. */
  output: { shape: number[]; rowStride: number; outerStride?: number; innerStride?: number };
  /** Number of matrices, as outer × inner. */
  batch?: { outer: number; inner: number };
  scale?: number;
  /** [n], added to each row. */
  bias?: tf.TensorInfo;
  /** Of the result's shape and layout, added. */
  residual?: tf.TensorInfo;
}

const ROWS = 4;
const COLUMNS = 8;

/**
 * A · B (+ bias) (+ residual), see `MatmulOptions`. B's strides must be multiples of 4, and with NT so must A's and k,
 * else n: they are read as vectors of four.
 */
export function tiledMatmul(options: MatmulOptions): tf.TensorInfo {
  const { layout, m, n, k, a, b, output, bias, residual, scale = 1 } = options;
  const batch = options.batch ?? { outer: 1, inner: 1 };
  const vec4Output =
    n % 4 === 0 &&
    [output.rowStride, output.outerStride ?? 0, output.innerStride ?? 0].every((s) => s % 4 === 0);
  const inputs = ['A', 'B', ...(bias ? ['bias'] : []), ...(residual ? ['residual'] : [])];
  const program: Program = {
    key: `matmul_${layout}_${vec4Output}_${Boolean(bias)}_${Boolean(residual)}`,
    inputs,
    vec4: [layout === 'NT' ? 'A' : '', 'B', ...(vec4Output ? ['residual'] : [])],
    vec4Output,
    outputShape: output.shape,
    integers: {
      m,
      n,
      k,
      inner: batch.inner,
      aRow: a.rowStride,
      aOuter: a.outerStride ?? 0,
      aInner: a.innerStride ?? 0,
      bRow: b.rowStride,
      bOuter: b.outerStride ?? 0,
      bInner: b.innerStride ?? 0,
      cRow: output.rowStride,
      cOuter: output.outerStride ?? 0,
      cInner: output.innerStride ?? 0,
    },
    floats: { scale },
    workgroupSize: [8, 8, 1],
    dispatch: [Math.ceil(n / COLUMNS / 8), Math.ceil(m / ROWS / 8), batch.outer * batch.inner],
    code: mainCode(layout, vec4Output, Boolean(bias), Boolean(residual)),
  };
  return runProgram(program, [a.tensor, b.tensor, ...(bias ? [bias] : []), ...(residual ? [residual] : [])]);
}

const range = (n: number) => [...Array(n).keys()];

function mainCode(layout: Layout, vec4Output: boolean, bias: boolean, residual: boolean): string {
  return `
  let column = i32(globalId.x) * ${COLUMNS};
  let row = i32(globalId.y) * ${ROWS};
  if (row >= uniforms.m || column >= uniforms.n) { return; }
  let outer = i32(globalId.z) / uniforms.inner;
  let inner = i32(globalId.z) % uniforms.inner;
  let aStart = outer * uniforms.aOuter + inner * uniforms.aInner;
  let bStart = outer * uniforms.bOuter + inner * uniforms.bInner;
  let cStart = outer * uniforms.cOuter + inner * uniforms.cInner;
  ${range(ROWS)
    .map((i) => `let row${i} = min(row + ${i}, uniforms.m - 1);`)
    .join('\n  ')}
  ${layout === 'NT' ? dotProducts() : outerProducts(layout)}
  ${range(ROWS)
    .map((i) => `if (row + ${i} < uniforms.m) { ${writeRow(i, vec4Output, bias, residual)} }`)
    .join('\n  ')}`;
}

/** Both operands contiguous along k: four k at a time, one dot product an output. Leaves cI0 and cI1, eight columns of row I. */
function dotProducts(): string {
  return `
  ${range(ROWS)
    .map((i) => `let a${i} = (aStart + row${i} * uniforms.aRow) / 4; ${sums(i)}`)
    .join('\n  ')}
  ${range(COLUMNS)
    .map((j) => `let b${j} = (bStart + min(column + ${j}, uniforms.n - 1) * uniforms.bRow) / 4;`)
    .join('\n  ')}
  for (var k = 0; k < uniforms.k / 4; k = k + 1) {
    ${range(ROWS)
      .map((i) => `let x${i} = A[a${i} + k];`)
      .join(' ')}
    ${range(COLUMNS)
      .map(
        (j) => `let y${j} = B[b${j} + k];
    ${range(ROWS)
      .map((i) => `c${i}${j >> 2}.${'xyzw'[j % 4]} += dot(x${i}, y${j});`)
      .join(' ')}`,
      )
      .join('\n    ')}
  }`;
}

const sums = (i: number) => `var c${i}0 = vec4<f32>(0.0); var c${i}1 = vec4<f32>(0.0);`;

/** B contiguous along n: one k at a time, eight columns of B times four values of A. */
function outerProducts(layout: Layout): string {
  const a = (i: number) =>
    layout === 'NN' ? `A[aStart + row${i} * uniforms.aRow + k]` : `A[aStart + k * uniforms.aRow + row${i}]`;
  return `
  ${range(ROWS).map(sums).join('\n  ')}
  let first = (bStart + column) / 4;
  let second = (bStart + min(column + 4, uniforms.n - 4)) / 4;
  for (var k = 0; k < uniforms.k; k = k + 1) {
    let y0 = B[first + k * uniforms.bRow / 4];
    let y1 = B[second + k * uniforms.bRow / 4];
    ${range(ROWS)
      .map((i) => `let x${i} = ${a(i)}; c${i}0 += x${i} * y0; c${i}1 += x${i} * y1;`)
      .join('\n    ')}
  }`;
}

function writeRow(i: number, vec4Output: boolean, bias: boolean, residual: boolean): string {
  const start = `let to = cStart + (row + ${i}) * uniforms.cRow + column;`;
  if (!vec4Output) {
    const cell = (j: number) => `if (column + ${j} < uniforms.n) {
      result[to + ${j}] = c${i}${j >> 2}.${'xyzw'[j % 4]} * uniforms.scale${bias ? ` + bias[column + ${j}]` : ''}${residual ? ` + residual[to + ${j}]` : ''}; }`;
    return `${start} ${range(COLUMNS).map(cell).join('\n    ')}`;
  }
  const four = (half: number) => {
    const at = `column + ${half * 4}`;
    const biases = range(4).map((j) => `bias[${at} + ${j}]`);
    return `if (${at} < uniforms.n) {
      result[to / 4 + ${half}] = c${i}${half} * uniforms.scale${bias ? ` + vec4<f32>(${biases})` : ''}${residual ? ` + residual[to / 4 + ${half}]` : ''}; }`;
  };
  return `${start} ${four(0)} ${four(1)}`;
}
