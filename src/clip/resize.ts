import type { RgbImage } from './image';

/** A part of an image, in pixels from its upper left corner; fractions are allowed. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Pillow's filters that CLIPs use. */
export type Filter = 'bicubic' | 'bilinear';

/**
 * Pillow's `image.resize((width, height), filter, box)`, pixel for pixel: antialiased convolution in 22-bit fixed point,
 * first across, then down, each pass rounded to 8 bits.
 */
export function resize(image: RgbImage, width: number, height: number, filter: Filter, box?: Box): RgbImage {
  const { left, top, width: boxWidth, height: boxHeight } = box ?? { left: 0, top: 0, ...image };
  const across = resampling(image.width, left, boxWidth, width, KERNELS[filter]);
  const down = resampling(image.height, top, boxHeight, height, KERNELS[filter]);
  const firstRow = down.starts[0];
  const lastRow = down.starts[height - 1] + down.counts[height - 1];
  const narrowed = new Uint8Array((lastRow - firstRow) * width * 3);
  for (let row = firstRow; row < lastRow; row++) {
    const from = image.data.subarray(row * image.width * 3, (row + 1) * image.width * 3);
    resampleRow(from, narrowed.subarray((row - firstRow) * width * 3), across);
  }
  const data = new Uint8Array(width * height * 3);
  resampleColumns(narrowed, data, width * 3, firstRow, down);
  return { width, height, data };
}

/** One row of pixels across. */
function resampleRow(
  from: Uint8Array,
  to: Uint8Array,
  { starts, counts, weights, stride }: Resampling,
): void {
  for (let i = 0; i < starts.length; i++) {
    let red = HALF;
    let green = HALF;
    let blue = HALF;
    for (let k = 0, at = starts[i] * 3; k < counts[i]; k++, at += 3) {
      const weight = weights[i * stride + k];
      red += from[at] * weight;
      green += from[at + 1] * weight;
      blue += from[at + 2] * weight;
    }
    to[i * 3] = toByte(red);
    to[i * 3 + 1] = toByte(green);
    to[i * 3 + 2] = toByte(blue);
  }
}

/** All rows of `rowLength` bytes downwards; `from` begins with the input's row `firstRow`. */
function resampleColumns(
  from: Uint8Array,
  to: Uint8Array,
  rowLength: number,
  firstRow: number,
  { starts, counts, weights, stride }: Resampling,
): void {
  const sums = new Int32Array(rowLength);
  for (let i = 0; i < starts.length; i++) {
    sums.fill(HALF);
    for (let k = 0; k < counts[i]; k++) {
      const weight = weights[i * stride + k];
      const row = (starts[i] - firstRow + k) * rowLength;
      for (let x = 0; x < rowLength; x++) sums[x] += from[row + x] * weight;
    }
    for (let x = 0; x < rowLength; x++) to[i * rowLength + x] = toByte(sums[x]);
  }
}

function toByte(fixed: number): number {
  return Math.min(Math.max(fixed >> FRACTION_BITS, 0), 255);
}

/** For each output position: the input positions it draws on and their fixed-point weights. */
interface Resampling {
  starts: Int32Array;
  counts: Int32Array;
  /** `stride` weights an output position, in units of 2⁻²². */
  weights: Int32Array;
  stride: number;
}

const FRACTION_BITS = 22;
const HALF = 1 << (FRACTION_BITS - 1);

interface Kernel {
  /** It is 0 beyond this distance. */
  support: number;
  weight(distance: number): number;
}

const KERNELS: Record<Filter, Kernel> = {
  bilinear: { support: 1, weight: (distance) => Math.max(1 - Math.abs(distance), 0) },
  bicubic: { support: 2, weight: cubic },
};

/** Cubic convolution with a = −½. */
function cubic(distance: number): number {
  const a = -0.5;
  const x = Math.abs(distance);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

function resampling(
  inputSize: number,
  offset: number,
  length: number,
  outputSize: number,
  filter: Kernel,
): Resampling {
  const scale = length / outputSize;
  const filterScale = Math.max(scale, 1);
  const support = filter.support * filterScale;
  const stride = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(outputSize);
  const counts = new Int32Array(outputSize);
  const weights = new Int32Array(outputSize * stride);
  const kernel = new Float64Array(stride);
  for (let i = 0; i < outputSize; i++) {
    const centre = offset + (i + 0.5) * scale;
    const start = Math.max(Math.trunc(centre - support + 0.5), 0);
    const count = Math.min(Math.trunc(centre + support + 0.5), inputSize) - start;
    let sum = 0;
    for (let k = 0; k < count; k++) {
      kernel[k] = filter.weight((start + k - centre + 0.5) * (1 / filterScale));
      sum += kernel[k];
    }
    starts[i] = start;
    counts[i] = count;
    for (let k = 0; k < count; k++)
      weights[i * stride + k] = fixedPoint(sum === 0 ? kernel[k] : kernel[k] / sum);
  }
  return { starts, counts, weights, stride };
}

/** Rounds half away from zero, as Pillow does. */
function fixedPoint(weight: number): number {
  return Math.trunc(weight * (1 << FRACTION_BITS) + (weight < 0 ? -0.5 : 0.5));
}
