import {
  component,
  declareSums,
  factorType,
  isContiguousInK,
  normedIn,
  type ProductCode,
  type ProductKind,
  reader,
  repeat,
  STORE_COLUMN_SUMS,
  storeRows,
  storing,
  sumName,
} from './matmulCode';
import { norming } from './rowNorm';

/** A workgroup copies a tile of A and a tile of B to shared memory and multiplies them there, tile after tile. */
export interface SharedTiles {
  kind: 'shared';
  /** Rows and columns of the result that a workgroup computes. */
  tile: [rows: number, columns: number];
  /** k of a tile. */
  depth: number;
  /** Rows and columns of the result that a thread computes; multiples of four. */
  rows: number;
  columns: number;
  /** So many threads share a part of the result, each with a part of the depth: more threads where results are few. */
  splits: number;
  /** Only with NT. */
  halfProducts?: boolean;
}

/** Threads of a workgroup. */
export const threadsOf = ({ tile, rows, columns, splits }: SharedTiles) =>
  (tile[0] / rows) * (tile[1] / columns) * splits;

export function sharedTiles(variant: SharedTiles, kind: ProductKind): ProductCode {
  const { tile, depth, rows, columns, splits } = variant;
  const { columnSums, halfProducts } = kind;
  const across = tile[1] / columns;
  const down = tile[0] / rows;
  const slice = depth / splits;
  const fours = columns / 4;
  const groups = rows / 4;
  const rowOf = (i: string) => `row + (${i} >> 2u) * ${4 * down} + (${i} & 3)`;
  const columnOf = (j: number) => `column + ${4 * j * across}`;
  // In float16, what a tile adds to a sum is summed up by itself.
  const partialSum = (i: number) => (halfProducts ? `h${i}` : sumName(i, fours));
  return {
    threads: [threadsOf(variant), 1, 1],
    tile,
    subgroups: false,
    functions: `
      var<workgroup> tileA : array<vec4<${factorType(kind)}>, ${(depth * tile[0]) / 4}>;
      var<workgroup> tileB : array<vec4<${factorType(kind)}>, ${(depth * tile[1]) / 4}>;
      ${halfProducts && splits > 1 ? `var<workgroup> joined : array<vec4<f32>, ${(tile[0] * tile[1]) / 4}>;` : ''}
      ${columnSums && splits > 1 ? `var<workgroup> tileSums : array<vec4<f32>, ${tile[0] / 4}>;` : ''}
      ${reader('A', kind)}
      ${reader('B', kind)}
      ${kind.rowNorm ? `var<workgroup> statistics : array<vec2<f32>, ${tile[0]}>; ${norming(kind.rowNorm, kind.aligned)}` : ''}
      ${storing(kind)}
      ${columnSums ? STORE_COLUMN_SUMS : ''}`,
    main: `
      let thread = i32(localIndex);
      let x = thread % ${across};
      let y = thread / ${across} % ${down};
      let split = thread / ${across * down};
      // Neighbouring threads have neighbouring fours of rows and columns, so that they read shared memory side by side.
      let row = i32(workgroupId.y) * ${tile[0]} + 4 * y;
      let column = i32(workgroupId.x) * ${tile[1]} + 4 * x;
      ${declareSums(rows, fours, kind, columnOf, 'split == 0')}
      ${columnSums ? repeat(groups, (g) => `var s${g} = vec4<f32>();`) : ''}
      ${kind.rowNorm ? findStatistics(variant) : ''}
      for (var start = 0; start < uniforms.k; start += ${depth}) {
        ${copyTile('A', variant, kind)}
        ${copyTile('B', variant, kind)}
        workgroupBarrier();
        ${halfProducts ? repeat(rows * fours, (i) => `var h${i} = vec4<f16>();`) : ''}
        for (var i = 0; i < ${slice}; i++) {
          let k = split * ${slice} + i;
          ${repeat(groups, (g) => `let x${g} = tileA[k * ${tile[0] / 4} + y + ${g * down}];`)}
          ${repeat(fours, (j) => `let y${j} = tileB[k * ${tile[1] / 4} + x + ${j * across}];`)}
          ${repeat(rows, (i) => repeat(fours, (j) => `${partialSum(fours * i + j)} += x${i >> 2}.${component(i)} * y${j};`))}
          ${columnSums ? `if (workgroupId.x == 0u) { ${repeat(groups, (g) => `s${g} += x${g};`)} }` : ''}
        }
        ${halfProducts ? repeat(rows * fours, (i) => `${sumName(i, fours)} += vec4<f32>(h${i});`) : ''}
        workgroupBarrier();
      }
      ${splits > 1 ? joinSplits(variant, kind) : ''}
      if (split == 0) {
        ${storeRows(rows, fours, kind, rowOf, columnOf)}
        ${columnSums ? `if (column == 0) { ${repeat(groups, (g) => `storeColumnSums(row + ${4 * g * down}, s${g});`)} }` : ''}
      }`,
  };
}

/** Each row's, once. What is made of numbers beyond the end of the sums by them does not matter: B's are zeros there. */
const findStatistics = (variant: SharedTiles) => `
  for (var i = thread; i < ${variant.tile[0]}; i += ${threadsOf(variant)}) {
    statistics[i] = rowStatistics((i32(workgroupId.y) * ${variant.tile[0]} + i) * uniforms.aRow);
  }
  workgroupBarrier();`;

/** Copies in blocks of 4 × 4, so that each tile lies [k, rows or columns] however its operand does. */
function copyTile(operand: 'A' | 'B', variant: SharedTiles, kind: ProductKind): string {
  const { tile, depth } = variant;
  const isA = operand === 'A';
  const fours = tile[isA ? 0 : 1] / 4;
  const first = isA ? `i32(workgroupId.y) * ${tile[0]}` : `i32(workgroupId.x) * ${tile[1]}`;
  const stride = isA ? 'uniforms.aRow' : 'uniforms.bRow';
  const write = (q: number, value: string) => `tile${operand}[(k + ${q}) * ${fours} + group] = ${value};`;
  const read = (r: number) => {
    const value = `read${operand}(at + ${r} * ${stride}, left)`;
    return isA ? normedIn(kind, value, 'start + k', `statistics[4 * group + ${r}]`) : value;
  };
  const body = isContiguousInK(operand, kind.layout)
    ? `
      let k = block % ${depth / 4} * 4;
      let group = block / ${depth / 4};
      let at = (${first} + 4 * group) * ${stride} + start + k;
      let left = uniforms.k - start - k;
      ${repeat(4, (r) => `let v${r} = ${read(r)};`)}
      ${repeat(4, (q) => write(q, `vec4(${repeat(4, (r) => `v${r}.${component(q)}`, ', ')})`))}`
    : `
      let k = block / ${fours} * 4;
      let group = block % ${fours};
      let at = (start + k) * ${stride} + ${first} + 4 * group;
      let left = uniforms.k - start - k;
      ${repeat(4, (q) => write(q, `read${operand}(at + ${q} * ${stride}, left - ${q})`))}`;
  return `for (var block = thread; block < ${(fours * depth) / 4}; block += ${threadsOf(variant)}) { ${body} }`;
}

/**
 * Adds up the sums of the threads that share a part of the result, one after the other, through B's tile, which must
 * be as large as the result's: the depth no less than the tile's rows. Where it is float16, there is a place of its own.
 */
function joinSplits(variant: SharedTiles, { columnSums, halfProducts }: ProductKind): string {
  const { tile, rows, columns, splits } = variant;
  const each = threadsOf(variant) / splits;
  const down = tile[0] / rows;
  const onSums = (line: (sum: string, place: string) => string) =>
    repeat((rows * columns) / 4, (i) =>
      line(sumName(i, columns / 4), `${halfProducts ? 'joined' : 'tileB'}[${i * each} + thread % ${each}]`),
    );
  const onColumnSums = (line: (sum: string, place: string) => string) =>
    columnSums
      ? `if (x == 0) { ${repeat(rows / 4, (g) => line(`s${g}`, `tileSums[y + ${g * down}]`))} }`
      : '';
  const give = (sum: string, place: string) => `${place} = ${sum};`;
  const take = (sum: string, place: string) => `${sum} += ${place};`;
  return `
    for (var other = 1; other < ${splits}; other++) {
      if (split == other) { ${onSums(give)} ${onColumnSums(give)} }
      workgroupBarrier();
      if (split == 0) { ${onSums(take)} ${onColumnSums(take)} }
      workgroupBarrier();
    }`;
}
