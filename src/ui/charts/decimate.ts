import type uPlot from 'uplot';

/** Of a pixel column its first, least, greatest and last value are drawn. */
const ROWS = 4;
/** A block is of so many values, or of so many smaller blocks. */
const BLOCK = 16;

/** Steps of a chart, from and to one. */
export interface Range {
  min: number;
  max: number;
}

/**
 * What of long curves is drawn in `columns` pixels: of the steps of each pixel the first, least, greatest and last value,
 * which give the same picture as all of them (M4, Jugel et al. 2014), and cost as much however many steps there are.
 * Others are drawn as they are.
 *
 * @param data steps, which count from 1, then the values of each line; NaN is no point
 * @param range the steps to show; all without
 */
export function decimate(
  data: uPlot.AlignedData,
  columns: number,
  range: Range = { min: 1, max: data[0].length },
): uPlot.AlignedData {
  const start = Math.max(0, Math.floor(range.min) - 1);
  const end = Math.min(data[0].length, Math.ceil(range.max));
  if (!areCurves(data) || end - start <= ROWS * columns) return data;
  const bounds = Array.from({ length: columns + 1 }, (_, i) =>
    Math.round(start + (i * (end - start)) / columns),
  );
  const rowsOf = (row: (from: number, to: number) => (number | null)[]) =>
    bounds.slice(1).flatMap((to, i) => row(bounds[i], to));
  const [, ...lines] = data;
  return [
    rowsOf((from, to) => [from + 1, from + 2, to - 1, to]) as number[],
    ...lines.map((values) => {
      const extremes = extremesOf(values);
      return rowsOf((from, to) => {
        const last = Math.min(to, values.length);
        if (from >= last) return [null, null, null, null];
        return [values[from], ...extremes.within(values, from, last), values[last - 1]].map(pointOf);
      });
    }),
  ];
}

const areCurves = (data: uPlot.AlignedData): data is [Float64Array, ...Float64Array[]] =>
  data.every((values) => values instanceof Float64Array);

const pointOf = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** A curve that grows in place shares its buffer with what it was: only what has come since is looked at. */
const known = new WeakMap<object, Extremes>();

function extremesOf(values: Float64Array): Extremes {
  const key = values.byteOffset === 0 ? values.buffer : values;
  const extremes = known.get(key) ?? new Extremes();
  known.set(key, extremes);
  extremes.takeIn(values);
  return extremes;
}

interface Level {
  low: ArrayLike<number>;
  high: ArrayLike<number>;
}

/** The least and greatest values of a curve's whole blocks: of 16 values, of 256, and so on. */
class Extremes {
  private readonly levels: { low: number[]; high: number[] }[] = [];

  takeIn(values: Float64Array): void {
    let below: Level = { low: values, high: values };
    for (let i = 0; below.low.length >= BLOCK; i++) {
      this.levels[i] ??= { low: [], high: [] };
      const { low, high } = this.levels[i];
      while ((low.length + 1) * BLOCK <= below.low.length) {
        const [least, greatest] = extent(below, low.length * BLOCK, BLOCK);
        low.push(least);
        high.push(greatest);
      }
      below = this.levels[i];
    }
  }

  /** The least and greatest of `values` from one index to before another; NaN both where there is none. */
  within(values: Float64Array, from: number, to: number): [low: number, high: number] {
    let [low, high] = nothing;
    for (let at = from; at < to; ) {
      let [level, size] = [-1, 1];
      while (at % (size * BLOCK) === 0 && at + size * BLOCK <= to) {
        level++;
        size *= BLOCK;
      }
      const { low: lows, high: highs } = this.levels[level] ?? { low: values, high: values };
      if (lows[at / size] < low) low = lows[at / size];
      if (highs[at / size] > high) high = highs[at / size];
      at += size;
    }
    return low <= high ? [low, high] : [Number.NaN, Number.NaN];
  }
}

const nothing = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as const;

/** The least and greatest of so many entries, of which NaN is none. */
function extent({ low: lows, high: highs }: Level, from: number, count: number): readonly [number, number] {
  let [low, high] = nothing as readonly number[];
  for (let i = from; i < from + count; i++) {
    if (lows[i] < low) low = lows[i];
    if (highs[i] > high) high = highs[i];
  }
  return [low, high];
}
