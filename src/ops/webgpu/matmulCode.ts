import type { Activation } from '../activation';
import { ACTIVATION_FUNCTIONS } from './activation';

/** By the axis that lies contiguous in memory: NT: A[m,k] B[n,k]; NN: A[m,k] B[k,n]; TN: A[k,m] B[k,n]. */
export type Layout = 'NT' | 'NN' | 'TN';

/** What the code of a matrix product depends on, beside its variant. */
export interface ProductKind {
  layout: Layout;
  /** All rows begin and end at multiples of four, so that they are read and written in fours. */
  aligned: boolean;
  /** k is no multiple of four. */
  ragged: boolean;
  /** B's numbers are float16. */
  halfB: boolean;
  /** Products, and sums of a few of them, are float16; B lies so then. */
  halfProducts: boolean;
  /** With NT: this norm is done to A's rows as they are read; k is a multiple of four then. */
  rowNorm?: 'layerNorm' | 'l2Norm';
  bias: boolean;
  /** Whether its rows are added again and again. */
  residual: false | 'whole' | 'repeated';
  /** The result is multiplied by them. */
  factors: boolean;
  /** There is a second output, `slopes`, this activation's. */
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

/** Code for each number below n, one after the other or with something else between. */
export const repeat = (n: number, code: (i: number) => string, between = '\n') =>
  Array.from({ length: n }, (_, i) => code(i)).join(between);

export const component = (i: number) => 'xyzw'[i % 4];

/** Whether operand A or B lies with the axis of the sums contiguous. */
export const isContiguousInK = (operand: 'A' | 'B', layout: Layout) =>
  layout[operand === 'A' ? 0 : 1] === 'NT'[operand === 'A' ? 0 : 1];

/**
 * WGSL function `readA` or `readB`: four neighbouring numbers from the element `at`, with zeros for those that lie
 * beyond the end of the sums; `left` says how many are left of them along k. Rows and columns beyond the matrix need no
 * check: what comes out is not written anywhere.
 */
export function reader(operand: 'A' | 'B', kind: ProductKind, canOverrun = true): string {
  const { layout, aligned, halfB } = kind;
  const type = factorType(kind);
  const four = `vec4<${type}>`;
  const lies = operand === 'B' && halfB ? 'f16' : 'f32';
  const converted = (to: string, value: string) => (lies === type ? value : `${to}(${value})`);
  const vector = converted(four, `${operand}[at >> 2u]`);
  const number = (i: number) => {
    const needed = isContiguousInK(operand, layout) ? i : 0;
    return `select(0.0, ${converted(type, `${operand}[at + ${i}]`)}, left > ${needed})`;
  };
  let value = `${four}(${repeat(4, number, ', ')})`;
  if (aligned) value = canOverrun ? `select(${four}(), ${vector}, left > 0)` : vector;
  return `fn read${operand}(at : i32, left : i32) -> ${four} { return ${value}; }`;
}

/** What is multiplied of A: four numbers of a row from k on, by the row's statistics. */
export const normedIn = ({ rowNorm }: ProductKind, value: string, k: string, statistics: string) =>
  rowNorm ? `normed(${value}, ${k}, ${statistics})` : value;

/** What is multiplied with one another. */
export const factorType = ({ halfProducts }: ProductKind) => (halfProducts ? 'f16' : 'f32');

/** WGSL function `store`: makes of four neighbouring sums of a row what is to become of them and writes it. */
export function storing({ aligned, residual, factors, activation }: ProductKind): string {
  const residualAt = residual === 'repeated' ? 'repeatedAt' : 'at';
  const numbers = aligned ? [0, 1, 2, 3].map((i) => `sum.${component(i)}`) : ['sum'];
  const joined = (part: 'x' | 'y') => {
    const parts = numbers.map((_, i) => `y${i}.${part}`).join(', ');
    return aligned ? `vec4(${parts})` : parts;
  };
  const write = (index: (start: string) => string, sums: string) => `
      let sum = (${sums}${residual ? ` + residual[${index(residualAt)}]` : ''})${factors ? ` * factors[${index('at')}]` : ''};
      ${activation ? numbers.map((number, i) => `let y${i} = activated(${number});`).join('\n') : ''}
      ${activation ? `slopes[${index('at')}] = ${joined('y')};` : ''}
      result[${index('at')}] = ${activation ? joined('x') : 'sum'};`;
  return `
  ${activation ? ACTIVATION_FUNCTIONS[activation] : ''}
  fn store(row : i32, column : i32, sums : vec4<f32>) {
    if (row < uniforms.m && column < uniforms.n) {
      let at = row * uniforms.resultRow + column;
      ${residual === 'repeated' ? 'let repeatedAt = row % uniforms.residualRows * uniforms.resultRow + column;' : ''}
      ${
        aligned
          ? write((start) => `${start} >> 2u`, 'sums')
          : `for (var i = 0; i < min(4, uniforms.n - column); i++) {
              ${write((start) => `${start} + i`, 'sums[i]')}
            }`
      }
    }
  }`;
}

/** The sums of a thread, in fours: of row ⌊i / fours⌋, `fours` in a row. */
export const sumName = (i: number, fours: number) => `c${Math.floor(i / fours)}_${i % fours}`;

/**
 * A thread's sums, which begin with the bias where there is one.
 *
 * @param column where four j of each row is in the result, in WGSL
 * @param isFirst whether the thread is the one of those with the same sums to begin so, in WGSL
 */
export function declareSums(
  rows: number,
  fours: number,
  { aligned, bias }: ProductKind,
  column: (j: number) => string,
  isFirst = 'true',
): string {
  const start = (j: number) => {
    if (!bias) return 'vec4<f32>()';
    const numbers = `vec4<f32>(${repeat(4, (i) => `bias[${column(j)} + ${i}]`, ', ')})`;
    return `select(vec4<f32>(), ${aligned ? `bias[(${column(j)}) >> 2u]` : numbers}, ${isFirst})`;
  };
  return `
  ${repeat(fours, (j) => `let start${j} = ${start(j)};`)}
  ${repeat(rows * fours, (i) => `var ${sumName(i, fours)} = start${i % fours};`)}`;
}

/**
 * Rows that each round of `storeRows` stores. The more, the less is moved, and the longer it takes to compile; where
 * sums are long, as with TN, neither matters. Lavapipe's compiler makes the fastest code of these.
 */
const ROWS_A_ROUND: Record<Layout, number> = { NT: 2, NN: 4, TN: 1 };

/**
 * Stores a thread's sums, by a loop that moves them up some rows at a time: each call of `store` that is written out
 * takes adapters that are programs on the CPU a long time to compile. So would a loop of which they know how often it
 * runs.
 *
 * @param to where row `i` of the thread's sums is in the result, in WGSL
 */
export function storeRows(
  rows: number,
  fours: number,
  { layout }: ProductKind,
  to: (i: string) => string,
  column: (j: number) => string,
): string {
  const round = ROWS_A_ROUND[layout];
  const storeFour = (i: number) =>
    `store(${to(`(end - row + ${Math.floor(i / fours)})`)}, ${column(i % fours)}, ${sumName(i, fours)});`;
  const moveFour = (i: number) => `${sumName(i, fours)} = ${sumName(i + round * fours, fours)};`;
  return `
  for (var end = row; end < row + ${rows}; end += ${round}) {
    ${repeat(round * fours, storeFour)}
    ${repeat((rows - round) * fours, moveFour)}
  }`;
}

/** WGSL function `storeColumnSums`, for four neighbouring columns of A. */
export const STORE_COLUMN_SUMS = `
  fn storeColumnSums(row : i32, sums : vec4<f32>) {
    for (var i = 0; i < min(4, uniforms.m - row); i++) { columnSums[row + i] = sums[i]; }
  }`;
