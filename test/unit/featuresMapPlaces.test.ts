import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../../src/evaluate/results';
import type { Layout } from '../../src/page/map/layouts';
import {
  between,
  boxAround,
  inPixels,
  isIn,
  type Marks,
  markAt,
  nextRow,
} from '../../src/ui/inspect/map/places';

const none = new Float32Array();
const marks = (teacher: number[], student: number[], texts: number[] = []): Marks => ({
  teacher: Float32Array.from(teacher),
  student: Float32Array.from(student),
  beside: none,
  texts: Float32Array.from(texts),
});

describe('places on the features map', () => {
  it('keep their proportions, with y upwards and room around them', () => {
    const places = Float32Array.from([0, 0, 4, 0, 4, 2]);
    const pixels = inPixels(places, boxAround([places]), { width: 432, height: 432 });
    expect(Array.from(pixels)).toEqual([16, 316, 416, 316, 416, 116]);
  });

  it('keep the scale when what is farthest out comes closer', () => {
    const wide = boxAround([Float32Array.from([-2, -2, 2, 2])]);
    expect(boxAround([Float32Array.from([-1, 0, 1, 1])], wide)).toEqual(wide);
    expect(boxAround([Float32Array.from([3, 0])], wide).right).toBe(3);
  });

  it('lie in the middle where all are the same, and nowhere where they are no numbers', () => {
    const places = Float32Array.from([5, 5, Number.NaN, 1, 5, 5]);
    const pixels = inPixels(places, boxAround([places]), { width: 100, height: 50 });
    expect(Array.from(pixels)).toEqual([50, 25, Number.NaN, 29, 50, 25]);
    expect(inPixels(none, boxAround([none]), { width: 100, height: 50 })).toEqual(none);
  });

  it('move in a straight line, and at once where they were no numbers', () => {
    const from = marks([0, 0], [10, 0, Number.NaN, 0]);
    const to = marks([0, 0], [0, 10, 6, 6]);
    expect(Array.from(between(from, to, 0.5).student)).toEqual([5, 5, 6, 3]);
    expect(between(from, to, 1)).toEqual(to);
  });

  it('are found by the closest mark within reach', () => {
    const all = marks([0, 0, 50, 50], [10, 0, 80, 50], [30, 30]);
    expect(markAt(all, 9, 1, 14)).toEqual({ row: 0 });
    expect(markAt(all, 78, 50, 14)).toEqual({ row: 1 });
    expect(markAt(all, 31, 33, 14)).toEqual({ text: 0 });
    expect(markAt(all, 200, 200, 14)).toBeUndefined();
  });
});

describe('arrow keys on the features map', () => {
  const layoutOf = (truths: string[][]): Layout => ({
    evaluation: {
      predictions: truths.map((truth, image) => ({ image, path: `${image}.png`, truth })),
      logits: { texts: ['owl', 'tent'] },
    } as unknown as Evaluation,
    distances: new Float32Array(truths.length),
    teacher: none,
    student: none,
    key: '',
  });
  const layout = layoutOf([['owl'], ['tent'], ['owl'], ['tent']]);

  it('go through the images of a class before those of the next', () => {
    const way = [0];
    for (let next = nextRow(layout, 0, 'ArrowRight'); next !== undefined; ) {
      way.push(next);
      next = nextRow(layout, next, 'ArrowRight');
    }
    expect(way).toEqual([0, 2, 1, 3]);
    expect(nextRow(layout, 1, 'ArrowLeft')).toBe(2);
    expect(nextRow(layout, 0, 'ArrowLeft')).toBeUndefined();
  });

  it('go from class to class, and from image to image where there are none', () => {
    expect(nextRow(layout, 0, 'ArrowDown')).toBe(1);
    expect(nextRow(layout, 3, 'ArrowUp')).toBe(2);
    expect(nextRow(layoutOf([[], []]), 0, 'ArrowDown')).toBe(1);
    expect(nextRow(layout, 0, 'a')).toBeUndefined();
  });

  it('know which marks another evaluation still has', () => {
    expect(isIn(layout, { row: 3 })).toBe(true);
    expect(isIn(layout, { row: 4 })).toBe(false);
    expect(isIn(layout, { row: -1 })).toBe(false);
    expect(isIn(layout, { text: 2 })).toBe(false);
  });
});
