import {
  component,
  declareSums,
  normedIn,
  type ProductCode,
  type ProductKind,
  reader,
  repeat,
  STORE_COLUMN_SUMS,
  storeRows,
  storing,
} from './matmulCode';
import { norming } from './rowNorm';

/**
 * Each thread keeps rows × columns of the result in registers and reads what it needs straight from the buffers: no
 * shared memory, no barriers.
 */
export interface RegisterTiles {
  kind: 'registers';
  /** Of a thread; multiples of four. */
  rows: number;
  columns: number;
  /** Threads of a workgroup along the columns and along the rows. */
  threads: [number, number];
  /**
   * So many neighbouring threads of a subgroup read A together, each a part, and hand it to one another. Adapters that
   * are programs on the CPU gather each thread's numbers one by one, so that reading is what takes their time.
   * More than 1 needs 'subgroups', and one row of threads.
   */
  lanes: 1 | 4 | 8;
  /** Only with NT. */
  halfProducts?: boolean;
}

export function registerTiles(variant: RegisterTiles, kind: ProductKind): ProductCode {
  const { rows, columns, threads, lanes } = variant;
  const columnOf = (j: number) => `column + ${4 * j}`;
  const { before, step, loop, after } =
    kind.layout === 'TN' ? outerProducts(variant, kind.columnSums) : rowProducts(variant, kind);
  return {
    threads: [...threads, 1],
    tile: [rows * threads[1], columns * threads[0]],
    subgroups: lanes > 1,
    functions: `
      ${reader('A', kind, kind.ragged)}
      ${reader('B', kind, kind.ragged)}
      ${kind.rowNorm ? norming(kind.rowNorm, kind.aligned) : ''}
      ${storing(kind)}
      ${kind.columnSums ? STORE_COLUMN_SUMS : ''}`,
    main: `
      let column = i32(globalId.x) * ${columns};
      let row = i32(globalId.y) * ${rows};
      let lane = ${lanes > 1 ? `i32(subgroupLane) & ${lanes - 1}` : '0'};
      ${declareSums(rows, columns / 4, kind, columnOf)}
      ${before}
      for (var k = 0; k < uniforms.k; k += ${step}) {
        let left = uniforms.k - k;
        ${loop}
      }
      ${after}
      ${storeRows(rows, columns / 4, kind, (i) => `row + ${i}`, columnOf)}`,
  };
}

/** The sums over k: what comes before the loop, in it, with how many k at a time, and after it. */
interface Parts {
  before: string;
  step: number;
  loop: string;
  after: string;
}

/** Vector number i of those that the lanes read together: number ⌊i / lanes⌋ of lane i mod lanes. */
function shared(name: string, i: number, lanes: number): string {
  const own = `${name}${Math.floor(i / lanes)}`;
  if (lanes === 1) return own;
  return `${lanes === 4 ? 'quadBroadcast' : 'subgroupBroadcast'}(${own}, ${i % lanes}u)`;
}

/** B contiguous across k: reads y⟨k⟩_⟨four columns⟩ for `step` k. */
const readRowsOfB = (step: number, fours: number) =>
  repeat(step, (q) =>
    repeat(
      fours,
      (j) => `let y${q}_${j} = readB((k + ${q}) * uniforms.bRow + column + ${4 * j}, left - ${q});`,
    ),
  );

/** A contiguous along k: four k at a time, row by row. */
function rowProducts({ rows, columns, lanes }: RegisterTiles, kind: ProductKind): Parts {
  const fours = columns / 4;
  const isContiguous = kind.layout === 'NT';
  const products = (j: number) =>
    isContiguous
      ? `vec4<f32>(vec4(${repeat(4, (q) => `dot(x, y${4 * j + q})`, ', ')}))`
      : repeat(4, (q) => `x.${component(q)} * y${q}_${j}`, ' + ');
  const addRow = (i: number) => `{
    let x = ${shared('w', i, lanes)};
    ${repeat(fours, (j) => `c${i}_${j} += ${products(j)};`)}
  }`;
  return {
    before: `
      ${repeat(rows / lanes, (t) => `let a${t} = (row + ${t * lanes} + lane) * uniforms.aRow;`)}
      ${kind.rowNorm ? repeat(rows / lanes, (t) => `let statistics${t} = rowStatistics(a${t});`) : ''}
      ${isContiguous ? repeat(columns, (j) => `let b${j} = (column + ${j}) * uniforms.bRow;`) : ''}`,
    step: 4,
    loop: `
      ${repeat(rows / lanes, (t) => `let w${t} = ${normedIn(kind, `readA(a${t} + k, left)`, 'k', `statistics${t}`)};`)}
      ${isContiguous ? repeat(columns, (j) => `let y${j} = readB(b${j} + k, left);`) : readRowsOfB(4, fours)}
      ${repeat(rows, addRow)}`,
    after: '',
  };
}

/** Both contiguous across k: four rows at a time, of at least as many k that each lane has something to read. */
function outerProducts({ rows, columns, lanes }: RegisterTiles, columnSums: boolean): Parts {
  const fours = columns / 4;
  const groups = rows / 4;
  const step = Math.max(2, lanes / groups);
  // Vector number q · groups + g holds four rows of A: group g of k + q.
  const reads = (step * groups) / lanes;
  const start = (t: number) => `
    let vector${t} = ${t * lanes} + lane;
    let q${t} = vector${t} / ${groups};
    let a${t} = q${t} * uniforms.aRow + row + 4 * (vector${t} % ${groups});
    ${columnSums ? `var s${t} = vec4<f32>();` : ''}`;
  const add = (i: number, j: number) =>
    `c${i}_${j} += ${repeat(step, (q) => `x${q}.${component(i)} * y${q}_${j}`, ' + ')};`;
  const addGroup = (g: number) => `{
    ${repeat(step, (q) => `let x${q} = ${shared('w', q * groups + g, lanes)};`)}
    ${repeat(4, (i) => repeat(fours, (j) => add(4 * g + i, j)))}
  }`;
  const total = (g: number) => repeat(step, (q) => shared('s', q * groups + g, lanes), ' + ');
  return {
    before: repeat(reads, start),
    step,
    loop: `
      let ak = k * uniforms.aRow;
      ${repeat(reads, (t) => `let w${t} = readA(a${t} + ak, left - q${t});`)}
      ${columnSums ? repeat(reads, (t) => `s${t} += w${t};`) : ''}
      ${readRowsOfB(step, fours)}
      ${repeat(groups, addGroup)}`,
    after: columnSums
      ? `
      ${repeat(groups, (g) => `let t${g} = ${total(g)};`)}
      if (column == 0) { ${repeat(groups, (g) => `storeColumnSums(row + ${4 * g}, t${g});`)} }`
      : '',
  };
}
