import { webgpuBackend } from '../../device/webgpu/backend';
import type { Precision } from '../../device/webgpu/half';
import { isSoftware, readingLanes, SOFTWARE_THREADS } from '../../device/webgpu/lanes';
import type { Layout } from './matmulCode';
import type { RegisterTiles } from './matmulRegisters';
import { type SharedTiles, threadsOf } from './matmulShared';

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

/** What the best variant depends on beside the layout: graphics processors must be given enough to do at once. */
type Size = 'any' | 'few rows' | 'few results' | 'many results';

/** Variants by the sizes that they are good for, the most promising first. */
const VARIANTS: Record<Size, Variant[]> = {
  // For adapters that are programs on the CPU, whatever the size: those with the most reading lanes that it has.
  any: [
    registers(32, 4, 8, [8, 1]),
    registers(16, 8, 4, [8, 1]),
    registers(16, 4, 4, [8, 1]),
    registers(8, 8, 1, [8, 1]),
    registers(8, 4, 1, [8, 8]),
  ],
  'few rows': [shared([16, 64], 32, 4, 4, 4), shared([16, 32], 32, 4, 4, 8), shared([32, 32], 32, 4, 4, 4)],
  'few results': [shared([32, 32], 32, 4, 4, 4), shared([32, 32], 16, 4, 4), shared([64, 64], 16, 4, 4)],
  'many results': [
    shared([64, 64], 16, 4, 4),
    shared([32, 32], 16, 4, 4),
    shared([64, 64], 16, 8, 8),
    shared([128, 64], 16, 8, 4),
    registers(8, 4, 1, [8, 8]),
  ],
};

/** For sizes that four does not divide, which models do not have: small, so that it compiles fast. */
export const unaligned = (): Variant => registers(4, 4, 1, isSoftware() ? [SOFTWARE_THREADS, 1] : [8, 8]);

/** Also the key of its programs. */
export function nameOf(variant: Variant): string {
  const each = `${variant.rows}×${variant.columns} a thread`;
  const name =
    variant.kind === 'registers'
      ? `registers, ${each}, ${variant.threads.join('×')} threads, ${variant.lanes} lanes`
      : `shared ${variant.tile.join('×')}×${variant.depth}, ${each}, ${variant.splits} splits`;
  return variant.halfProducts ? `${name}, float16 products` : name;
}

/** Whether the current device has what a variant needs, and no more of it. */
function suits(variant: Variant): boolean {
  if (variant.kind === 'registers') return variant.lanes === readingLanes();
  const { limits } = webgpuBackend().device;
  const { tile, depth } = variant;
  const bytes = 4 * (depth * (tile[0] + tile[1]) + tile[0]);
  return (
    threadsOf(variant) <= limits.maxComputeInvocationsPerWorkgroup &&
    bytes <= limits.maxComputeWorkgroupStorageSize
  );
}

/** The sizes that the current device tells apart, those that matter most first. */
export const sizes = (): Size[] => (isSoftware() ? ['any'] : ['many results', 'few results', 'few rows']);

function sizeOf(m: number, n: number): Size {
  if (isSoftware()) return 'any';
  if (m <= 32) return 'few rows';
  return m * n <= 2 ** 17 ? 'few results' : 'many results';
}

/** The variants that are worth a measurement on the current device, the most promising first. */
export function matmulVariants(size: Size): Variant[] {
  return VARIANTS[size].filter(suits);
}

/** As `matmulVariants`, each also with products in float16: for B that may be multiplied so. */
export const halfVariants = (size: Size): Variant[] =>
  matmulVariants(size).flatMap((variant) => [variant, { ...variant, halfProducts: true }]);

export const classOf = (layout: Layout, size: Size) => `${layout}, ${size}`;

export const halfClassOf = (size: Size) => `${classOf('NT', size)}, float16 arithmetic`;

/** What measuring found: variants' names by class. */
const measured = new Map<string, string>();

/** Beside what was measured before. */
export function useVariants(byClass: Map<string, string>): void {
  for (const [name, variant] of byClass) measured.set(name, variant);
}

/** The variant for a product with a result of m rows and n columns: what was measured, else the most promising. */
export function variantFor(layout: Layout, m: number, n: number, precision?: Precision): Variant {
  const size = sizeOf(m, n);
  const half = precision === 'float16-arithmetic' ? measured.get(halfClassOf(size)) : undefined;
  const name = half ?? measured.get(classOf(layout, size));
  const variants = halfVariants(size);
  return variants.find((variant) => nameOf(variant) === name) ?? variants[0];
}
