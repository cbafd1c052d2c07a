import {
  component,
  type Layout,
  lines,
  type ProductCode,
  type ProductKind,
  range,
  reader,
  STORE_COLUMN_SUMS,
  storing,
} from './matmulCode';

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
}

export function registerTiles(variant: RegisterTiles, kind: ProductKind): ProductCode {
  const { rows, columns, threads, lanes } = variant;
  const sums = range(rows).flatMap((i) => range(columns / 4).map((j) => `c${i}_${j}`));
  const isOuter = kind.layout === 'TN';
  const parts = isOuter ? outerProducts(variant, kind.columnSums) : rowProducts(variant, kind.layout);
  return {
    threads: [...threads, 1],
    tile: [rows * threads[1], columns * threads[0]],
    subgroups: lanes > 1,
    functions: `
      ${reader('A', kind, isOuter)}
      ${reader('B', kind, false)}
      ${storing(kind)}
      ${kind.columnSums ? STORE_COLUMN_SUMS : ''}`,
    main: `
      let column = i32(globalId.x) * ${columns};
      let row = i32(${threads[1] === 1 ? 'workgroupId' : 'globalId'}.y) * ${rows};
      ${lanes > 1 ? `let lane = i32(subgroupLane) & ${lanes - 1};` : 'let lane = 0;'}
      ${sums.map((name) => `var ${name} = vec4<f32>();`).join('\n')}
      ${parts.before}
      for (var k = 0; k < uniforms.k; k += ${parts.step}) {
        ${parts.loop}
      }
      ${parts.after}
      let end = min(row + ${rows}, uniforms.m);
      for (var to = row; to < end; to++) {
        ${lines(columns / 4, (j) => `store(to, column + ${4 * j}, c0_${j});`)}
        ${sums
          .slice(0, -columns / 4)
          .map((name, i) => `${name} = ${sums[i + columns / 4]};`)
          .join(' ')}
      }`,
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

/** A contiguous along k: four k at a time, row by row. */
function rowProducts({ rows, columns, lanes }: RegisterTiles, layout: Layout): Parts {
  const fours = columns / 4;
  const sum = (i: number, j: number) =>
    layout === 'NT'
      ? `c${i}_${j} += vec4<f32>(${range(4).map((q) => `dot(x, y${4 * j + q})`)});`
      : `c${i}_${j} += ${range(4)
          .map((q) => `x.${component(q)} * y${q}_${j}`)
          .join(' + ')};`;
  const readB =
    layout === 'NT'
      ? lines(columns, (j) => `let y${j} = readB(b${j} + k, left);`)
      : lines(4, (q) =>
          range(fours)
            .map(
              (j) => `let y${q}_${j} = readB((k + ${q}) * uniforms.bRow + column + ${4 * j}, left - ${q});`,
            )
            .join(' '),
        );
  return {
    before: `
      ${lines(rows / lanes, (t) => `let a${t} = (row + ${t * lanes} + lane) * uniforms.aRow;`)}
      ${layout === 'NT' ? lines(columns, (j) => `let b${j} = (column + ${j}) * uniforms.bRow;`) : ''}`,
    step: 4,
    loop: `
      let left = uniforms.k - k;
      ${lines(rows / lanes, (t) => `let w${t} = readA(a${t} + k, left);`)}
      ${readB}
      ${lines(
        rows,
        (i) =>
          `{ let x = ${shared('w', i, lanes)}; ${range(fours)
            .map((j) => sum(i, j))
            .join(' ')} }`,
      )}`,
    after: '',
  };
}

/** Both operands contiguous across k: four rows at a time, a few k each, so that all lanes have something to read. */
function outerProducts({ rows, columns, lanes }: RegisterTiles, columnSums: boolean): Parts {
  const groups = rows / 4;
  const step = Math.max(2, lanes / groups);
  const fours = columns / 4;
  const reads = (step * groups) / lanes;
  const sum = (i: number, j: number) =>
    `c${i}_${j} += ${range(step)
      .map((q) => `x${q}.${component(i)} * y${q}_${j}`)
      .join(' + ')};`;
  const group = (g: number) => `{
    ${lines(step, (q) => `let x${q} = ${shared('w', q * groups + g, lanes)};`)}
    ${lines(4, (i) =>
      range(fours)
        .map((j) => sum(4 * g + i, j))
        .join(' '),
    )}
  }`;
  const total = (g: number) =>
    range(step)
      .map((q) => shared('s', q * groups + g, lanes))
      .join(' + ');
  return {
    before: `
      ${lines(
        reads,
        (t) => `
        let q${t} = (${t * lanes} + lane) / ${groups};
        let a${t} = q${t} * uniforms.aRow + row + (${t * lanes} + lane) % ${groups} * 4;
        ${columnSums ? `var s${t} = vec4<f32>();` : ''}`,
      )}`,
    step,
    loop: `
      let left = uniforms.k - k;
      let ak = k * uniforms.aRow;
      ${lines(reads, (t) => `let w${t} = readA(a${t} + ak, left - q${t}); ${columnSums ? `s${t} += w${t};` : ''}`)}
      ${lines(step, (q) =>
        range(fours)
          .map((j) => `let y${q}_${j} = readB((k + ${q}) * uniforms.bRow + column + ${4 * j}, left - ${q});`)
          .join(' '),
      )}
      ${lines(groups, group)}`,
    after: columnSums
      ? `
      ${lines(groups, (g) => `let t${g} = ${total(g)};`)}
      if (column == 0) { ${lines(groups, (g) => `storeColumnSums(row + ${4 * g}, t${g});`)} }`
      : '',
  };
}
