import {
  component,
  isContiguousInK,
  lines,
  type ProductCode,
  type ProductKind,
  range,
  reader,
  STORE_COLUMN_SUMS,
  storing,
} from './matmulCode';

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
}

export function sharedTiles(variant: SharedTiles, kind: ProductKind): ProductCode {
  const { tile, depth, rows, columns, splits } = variant;
  const across = tile[1] / columns;
  const down = tile[0] / rows;
  const slice = depth / splits;
  const fours = columns / 4;
  const groups = rows / 4;
  const sums = range(rows).flatMap((i) => range(fours).map((j) => `c${i}_${j}`));
  const { columnSums } = kind;
  const multiply = `
    ${lines(groups, (g) => `let x${g} = tileA[k * ${tile[0] / 4} + y + ${g * down}];`)}
    ${lines(fours, (j) => `let y${j} = tileB[k * ${tile[1] / 4} + x + ${j * across}];`)}
    ${lines(rows, (i) =>
      range(fours)
        .map((j) => `c${i}_${j} += x${i >> 2}.${component(i)} * y${j};`)
        .join(' '),
    )}
    ${
      columnSums
        ? `if (workgroupId.x == 0u) { ${range(groups)
            .map((g) => `s${g} += x${g};`)
            .join(' ')} }`
        : ''
    }`;
  const rowOf = (i: number) => `row + ${4 * (i >> 2) * down + (i % 4)}`;
  return {
    threads: [across * down * splits, 1, 1],
    tile,
    subgroups: false,
    functions: `
      var<workgroup> tileA : array<vec4<f32>, ${(depth * tile[0]) / 4}>;
      var<workgroup> tileB : array<vec4<f32>, ${(depth * tile[1]) / 4}>;
      ${columnSums && splits > 1 ? `var<workgroup> tileSums : array<vec4<f32>, ${tile[0] / 4}>;` : ''}
      ${reader('A', kind)}
      ${reader('B', kind)}
      ${storing(kind)}
      ${columnSums ? STORE_COLUMN_SUMS : ''}`,
    main: `
      let thread = i32(localIndex);
      let x = thread % ${across};
      let y = thread / ${across} % ${down};
      let split = thread / ${across * down};
      let firstRow = i32(workgroupId.y) * ${tile[0]};
      let firstColumn = i32(workgroupId.x) * ${tile[1]};
      ${sums.map((name) => `var ${name} = vec4<f32>();`).join('\n')}
      ${columnSums ? lines(groups, (g) => `var s${g} = vec4<f32>();`) : ''}
      for (var start = 0; start < uniforms.k; start += ${depth}) {
        ${copyTile('A', variant, kind)}
        ${copyTile('B', variant, kind)}
        workgroupBarrier();
        for (var i = 0; i < ${slice}; i++) {
          let k = split * ${slice} + i;
          ${multiply}
        }
        workgroupBarrier();
      }
      ${splits > 1 ? joinSplits(variant, sums, columnSums) : ''}
      if (split == 0) {
        let row = firstRow + 4 * y;
        let column = firstColumn + 4 * x;
        ${lines(rows, (i) =>
          range(fours)
            .map((j) => `store(${rowOf(i)}, column + ${4 * j * across}, c${i}_${j});`)
            .join(' '),
        )}
        ${columnSums ? `if (workgroupId.x == 0u && x == 0) { ${lines(groups, (g) => `storeColumnSums(${rowOf(4 * g)}, s${g});`)} }` : ''}
      }`,
  };
}

/** Copies in blocks of 4 × 4, so that each tile lies [k, rows or columns] however its operand does. */
function copyTile(operand: 'A' | 'B', variant: SharedTiles, { layout }: ProductKind): string {
  const { tile, depth, rows, columns, splits } = variant;
  const threads = ((tile[0] / rows) * tile[1] * splits) / columns;
  const [size, first] = operand === 'A' ? [tile[0], 'firstRow'] : [tile[1], 'firstColumn'];
  const stride = operand === 'A' ? 'uniforms.aRow' : 'uniforms.bRow';
  const body = isContiguousInK(operand, layout)
    ? `
      let k = block % ${depth / 4} * 4;
      let group = block / ${depth / 4};
      let at = (${first} + 4 * group) * ${stride} + start + k;
      let left = uniforms.k - start - k;
      ${lines(4, (r) => `let v${r} = read${operand}(at + ${r} * ${stride}, left);`)}
      ${lines(4, (q) => `tile${operand}[(k + ${q}) * ${size / 4} + group] = vec4<f32>(${range(4).map((r) => `v${r}.${component(q)}`)});`)}`
    : `
      let k = block / ${size / 4} * 4;
      let group = block % ${size / 4};
      let at = (start + k) * ${stride} + ${first} + 4 * group;
      let left = uniforms.k - start - k;
      ${lines(4, (q) => `tile${operand}[(k + ${q}) * ${size / 4} + group] = read${operand}(at + ${q} * ${stride}, left - ${q});`)}`;
  return `for (var block = thread; block < ${(size * depth) / 16}; block += ${threads}) { ${body} }`;
}

/** Adds up the sums of the threads that share a part of the result, one after the other, through the larger tile. */
function joinSplits(
  { tile, rows, columns, splits }: SharedTiles,
  sums: string[],
  columnSums: boolean,
): string {
  const each = ((tile[0] / rows) * tile[1]) / columns;
  const scratch = tile[0] > tile[1] ? 'tileA' : 'tileB';
  const mine = `thread % ${each}`;
  const sumsAt = (g: number) => `tileSums[y + ${(g * tile[0]) / rows}]`;
  const columnSumsAt = (line: (g: number) => string) =>
    columnSums ? `if (x == 0) { ${lines(rows / 4, line)} }` : '';
  return `
    for (var other = 1; other < ${splits}; other++) {
      if (split == other) {
        ${sums.map((sum, i) => `${scratch}[${i * each} + ${mine}] = ${sum};`).join('\n')}
        ${columnSumsAt((g) => `${sumsAt(g)} = s${g};`)}
      }
      workgroupBarrier();
      if (split == 0) {
        ${sums.map((sum, i) => `${sum} += ${scratch}[${i * each} + ${mine}];`).join('\n')}
        ${columnSumsAt((g) => `s${g} += ${sumsAt(g)};`)}
      }
      workgroupBarrier();
    }`;
}
