import type { Activation } from '../activation';
import { ACTIVATION_FUNCTIONS } from './activation';

/** By the axis that lies contiguous in memory: NT: A[m,k] B[n,k]; NN: A[m,k] B[k,n]; TN: A[k,m] B[k,n]. */
export type Layout = 'NT' | 'NN' | 'TN';

/** What the code of a matrix product depends on, beside its variant. */
export interface ProductKind {
  layout: Layout;
  /** All rows begin and end at multiples of four, so that they are read and written in fours. */
  aligned: boolean;
  /** B's numbers are float16. */
  halfB: boolean;
  bias: boolean;
  residual: boolean;
  /** There is a second output, `before`, the result without it. */
  activation?: Activation;
  /** There is a second output, `columnSums`, the sums of the columns of A[k,m]. */
  columnSums: boolean;
}

/** A variant's WGSL: `threads` is the workgroup, `tile` the rows and columns of the result that it computes. */
export interface ProductCode {
  threads: [number, number, number];
  tile: [rows: number, columns: number];
  functions: string;
  main: string;
  subgroups: boolean;
}

export const range = (n: number) => [...Array(n).keys()];

/** A line for each number below n. */
export const lines = (n: number, line: (i: number) => string) => range(n).map(line).join('\n');

export const component = (i: number) => 'xyzw'[i % 4];

/** Whether operand A or B lies with the axis of the sums contiguous. */
export const isContiguousInK = (operand: 'A' | 'B', layout: Layout) =>
  layout[operand === 'A' ? 0 : 1] === 'NT'[operand === 'A' ? 0 : 1];

/**
 * WGSL function `readA` or `readB`: four neighbouring numbers from the element `at`, with zeros for those that lie
 * beyond the end of the sums; `left` says how many are left of them along k. Rows and columns beyond the matrix need no
 * check: what comes out is not written anywhere.
 */
export function reader(
  operand: 'A' | 'B',
  { layout, aligned, halfB }: ProductKind,
  canOverrun = true,
): string {
  const isHalf = operand === 'B' && halfB;
  const number = (offset: number) => `${isHalf ? 'f32' : ''}(${operand}[at + ${offset}])`;
  const left = (offset: number) => `left > ${isContiguousInK(operand, layout) ? offset : 0}`;
  const vector = `${isHalf ? 'vec4<f32>' : ''}(${operand}[at >> 2u])`;
  const four = aligned
    ? canOverrun
      ? `select(vec4<f32>(), ${vector}, left > 0)`
      : vector
    : `vec4<f32>(${range(4).map((i) => `select(0.0, ${number(i)}, ${left(i)})`)})`;
  return `fn read${operand}(at : i32, left : i32) -> vec4<f32> { return ${four}; }`;
}

/** WGSL function `store`: adds what is to be added to four neighbouring sums of a row and writes them. */
export function storing({ aligned, bias, residual, activation }: ProductKind): string {
  const [index, scalar, sums] = aligned
    ? ['at >> 2u', (name: string) => `${name}(sum.x), ${name}(sum.y), ${name}(sum.z), ${name}(sum.w)`, 'sums']
    : ['at + i', (name: string) => `${name}(sum)`, 'sums[i]'];
  const value = activation ? (aligned ? `vec4<f32>(${scalar('value')})` : scalar('value')) : 'sum';
  const write = `
    let sum = ${sums}
      ${bias ? `+ bias[${aligned ? 'column >> 2u' : 'column + i'}]` : ''}
      ${residual ? `+ residual[${index}]` : ''};
    ${activation ? `before[${index}] = sum;` : ''}
    result[${index}] = ${value};`;
  return `
  ${activation ? ACTIVATION_FUNCTIONS[activation] : ''}
  fn store(row : i32, column : i32, sums : vec4<f32>) {
    if (row >= uniforms.m || column >= uniforms.n) { return; }
    let at = row * uniforms.resultRow + column;
    ${aligned ? write : `for (var i = 0; i < min(4, uniforms.n - column); i++) { ${write} }`}
  }`;
}

/** WGSL function `storeColumnSums`, for four neighbouring columns of A. */
export const STORE_COLUMN_SUMS = `
  fn storeColumnSums(row : i32, sums : vec4<f32>) {
    for (var i = 0; i < min(4, uniforms.m - row); i++) { columnSums[row + i] = sums[i]; }
  }`;
