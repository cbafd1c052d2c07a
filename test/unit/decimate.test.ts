import { describe, expect, it } from 'vitest';
import { Random } from '../../src/files/random';
import { decimate } from '../../src/ui/charts/decimate';

const COLUMNS = 300;

/** Steps 1, 2, 3 and so on, and curves of so many of them that jump about. */
function curves(...lengths: number[]): [Float64Array, ...Float64Array[]] {
  const random = new Random(3);
  const steps = Float64Array.from({ length: Math.max(...lengths) }, (_, i) => i + 1);
  return [steps, ...lengths.map((length) => Float64Array.from({ length }, () => random.normal()))];
}

/** The extremes of what a chart draws of a line between two steps. */
function drawnExtremes([steps, line]: ReturnType<typeof decimate>, from: number, to: number) {
  const within = [...(line ?? [])].filter((value, i) => value !== null && steps[i] > from && steps[i] <= to);
  return [Math.min(...within.map(Number)), Math.max(...within.map(Number))];
}

describe('What a chart draws of long curves', () => {
  it('is the first, least, greatest and last value of every pixel column, in order', () => {
    const [steps, values] = curves(100_007);
    const drawn = decimate([steps, values], COLUMNS);
    expect(drawn[0]).toHaveLength(4 * COLUMNS);
    expect([...drawn[0]].every((step, i) => i === 0 || step > drawn[0][i - 1])).toBe(true);
    for (let i = 0; i < drawn[0].length; i += 4) {
      const [from, to] = [drawn[0][i] - 1, drawn[0][i + 3]];
      const column = values.subarray(from, to);
      const [least, greatest] = [Math.min(...column), Math.max(...column)];
      expect(Array.from(drawn[1]).slice(i, i + 4)).toEqual([column[0], least, greatest, column.at(-1)]);
    }
    expect([drawn[0][0], drawn[0].at(-1)]).toEqual([1, 100_007]);
  });

  it('is all of them where there is room, also of a part that is zoomed to', () => {
    const few = curves(4 * COLUMNS);
    expect(decimate(few, COLUMNS)).toBe(few);
    const many = curves(50_000);
    expect(decimate(many, COLUMNS, { min: 700.2, max: 1500.7 })).toBe(many);
  });

  it('is the part that is zoomed to, with its ends', () => {
    const [steps, values] = curves(50_000);
    const drawn = decimate([steps, values], COLUMNS, { min: 20_000.5, max: 40_000.5 });
    expect([drawn[0][0], drawn[0].at(-1)]).toEqual([20_000, 40_001]);
    const part = values.subarray(19_999, 40_001);
    expect(drawnExtremes(drawn, 0, 50_000)).toEqual([Math.min(...part), Math.max(...part)]);
  });

  it('follows a curve that grows in place, and knows it from another', () => {
    const [steps, values] = curves(60_000);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    for (const length of [10_000, 10_001, 35_555, 60_000]) {
      const shown = values.subarray(0, length);
      const drawn = decimate([steps.subarray(0, length), shown], COLUMNS);
      expect(drawnExtremes(drawn, 0, length)).toEqual([Math.min(...shown), Math.max(...shown)]);
    }
    const other = decimate([steps, values.map((value) => value / 2)], COLUMNS);
    expect(drawnExtremes(other, 0, 60_000)).toEqual([low / 2, high / 2]);
  });

  it('has no points beyond the end of a shorter one, nor where a value is no number', () => {
    const [steps, long, short] = curves(50_000, 12_345);
    long.fill(Number.NaN, 100, 40_000);
    const [, ...lines] = decimate([steps, long, short], COLUMNS);
    expect(lines.flatMap((line) => [...line]).some(Number.isNaN)).toBe(false);
    expect(lines[0].at(-1)).toBe(long[49_999]);
    expect([...lines[1]].findLast((value) => value !== null)).toBe(short[12_344]);
  });
});
