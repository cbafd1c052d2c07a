import { webgpuBackend } from '../../device/webgpu/backend';
import { lanes as reductionLanes } from '../../device/webgpu/lanes';
import type { Layout } from './matmulCode';
import type { RegisterTiles } from './matmulRegisters';
import type { SharedTiles } from './matmulShared';

export type Variant = RegisterTiles | SharedTiles;

const registers = (
  rows: number,
  columns: number,
  lanes: RegisterTiles['lanes'],
  threads: RegisterTiles['threads'],
): RegisterTiles => ({ kind: 'registers', rows, columns, lanes, threads });

const shared = (
  tile: SharedTiles['tile'],
  depth: number,
  rows: number,
  columns: number,
  splits = 1,
): SharedTiles => ({ kind: 'shared', tile, depth, rows, columns, splits });

/** For adapters that are programs on the CPU; the most promising first. */
const SOFTWARE: Variant[] = [
  registers(16, 4, 8, [8, 1]),
  registers(16, 8, 4, [8, 1]),
  registers(32, 4, 8, [8, 1]),
  registers(16, 4, 4, [8, 1]),
  registers(8, 8, 1, [8, 1]),
  registers(4, 8, 1, [8, 8]),
];

/** For graphics processors. */
const FEW_ROWS: Variant[] = [shared([16, 64], 32, 4, 4, 4), shared([16, 32], 32, 4, 4, 8)];
const FEW_RESULTS: Variant[] = [shared([32, 32], 32, 4, 4, 4), shared([32, 32], 16, 4, 4)];
const MANY_RESULTS: Variant[] = [
  shared([64, 64], 16, 4, 4),
  shared([32, 32], 16, 4, 4),
  shared([64, 64], 16, 8, 8),
  shared([128, 64], 16, 8, 4),
  registers(4, 4, 1, [8, 8]),
  registers(8, 4, 1, [8, 8]),
];

/** For sizes that four does not divide, which models do not have: small, so that it compiles fast. */
export const UNALIGNED = registers(4, 4, 1, [8, 8]);

/** Every variant, whether the adapter at hand can run it or not. */
export const VARIANTS = [
  ...new Map(
    [...SOFTWARE, ...FEW_ROWS, ...FEW_RESULTS, ...MANY_RESULTS].map((one) => [nameOf(one), one]),
  ).values(),
];

/** Also the key of its programs. */
export function nameOf(variant: Variant): string {
  const thread = `${variant.rows}×${variant.columns}`;
  return variant.kind === 'registers'
    ? `registers ${thread}, ${variant.threads.join('×')} threads, ${variant.lanes} lanes`
    : `shared ${variant.tile.join('×')}×${variant.depth}, ${thread} a thread, ${variant.splits} splits`;
}

/** Whether the current device has what a variant needs. */
export function isRunnable(variant: Variant): boolean {
  const { features, limits, adapterInfo } = webgpuBackend().device;
  if (variant.kind === 'registers') {
    if (variant.lanes === 1) return true;
    return features.has('subgroups') && adapterInfo.subgroupMinSize >= variant.lanes;
  }
  const { tile, depth, rows, columns, splits } = variant;
  const threads = ((tile[0] / rows) * tile[1] * splits) / columns;
  const bytes = 4 * (depth * (tile[0] + tile[1]) + tile[0]);
  return (
    threads <= limits.maxComputeInvocationsPerWorkgroup && bytes <= limits.maxComputeWorkgroupStorageSize
  );
}

/** Products of one class are computed by the same variant. */
export interface ProductClass {
  layout: Layout;
  size: 'any' | 'few rows' | 'few results' | 'many results';
}

/** The result has m rows and n columns. */
export function classOf(layout: Layout, m: number, n: number): ProductClass {
  if (reductionLanes.count === 1) return { layout, size: 'any' };
  if (m <= 32) return { layout, size: 'few rows' };
  return { layout, size: m * n <= 2 ** 17 ? 'few results' : 'many results' };
}

/** The variants worth a measurement for a class on the current device, the most promising first. */
export function matmulVariants({ size }: Pick<ProductClass, 'size'>): Variant[] {
  const all = {
    any: SOFTWARE,
    'few rows': FEW_ROWS,
    'few results': FEW_RESULTS,
    'many results': MANY_RESULTS,
  };
  return all[size].filter(isRunnable);
}

/** What measuring found, by class. */
const chosen = new Map<string, Variant>();

const keyOf = ({ layout, size }: ProductClass) => `${layout}, ${size}`;

export function variantFor(layout: Layout, m: number, n: number): Variant {
  const one = classOf(layout, m, n);
  return chosen.get(keyOf(one)) ?? matmulVariants(one)[0];
}
