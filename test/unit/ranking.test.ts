import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { harmonicMean, largest, largestOfRows, recallAt } from '../../src/evaluate/ranking';
import { Random } from '../../src/files/random';
import { ownTexts, sampleSize, sampleTexts } from '../../src/train/sampleTexts';

describe('ranking', () => {
  it('finds the same as sorting everything, the first of equal ones first', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 })), fc.integer({ min: 1, max: 12 }), (scores, k) => {
        const sorted = [...scores.keys()].sort((a, b) => scores[b] - scores[a] || a - b);
        expect(largest(scores, k)).toEqual(sorted.slice(0, k));
      }),
    );
  });

  it('ranks each row by itself', () => {
    expect(largestOfRows(Float32Array.of(1, 3, 2, 9, 7, 8), 3, 2)).toEqual([
      [1, 2],
      [0, 2],
    ]);
  });

  it('counts a query with several right answers once', () => {
    const found = [
      [4, 1, 2],
      [3, 0, 5],
      [7, 8, 9],
    ];
    const right = [[1, 2], [3], [0]];
    expect(recallAt(1, found, right)).toBeCloseTo(1 / 3);
    expect(recallAt(3, found, right)).toBeCloseTo(2 / 3);
  });

  it('asks only what has a right answer', () => {
    expect(recallAt(1, [[1], [0], [2]], [[1], [], [0]])).toBe(0.5);
    expect(recallAt(1, [[1], [0]], [[], []])).toBeUndefined();
  });

  it('knows the harmonic mean of nothing', () => {
    expect(harmonicMean(0, 0)).toBe(0);
    expect(harmonicMean(0.5, 1)).toBeCloseTo(2 / 3);
  });
});

describe('texts of a batch', () => {
  const own = [[3], [40, 90], [3, 7]];

  it('are all where they are few', () => {
    expect(sampleTexts(own, 100, 100, new Random(0))).toEqual({ right: own });
  });

  it('are a sample that holds the own ones, the same for the same seed', () => {
    const { texts = new Int32Array(), right } = sampleTexts(own, 100, 10, new Random(1));
    expect(new Set(texts).size).toBe(10);
    expect(right.map((positions) => positions.map((position) => texts[position]))).toEqual(own);
    expect(sampleTexts(own, 100, 10, new Random(1)).texts).toEqual(texts);
    expect(sampleTexts(own, 100, 10, new Random(2)).texts).not.toEqual(texts);
  });

  it('are one of each image’s own where these alone are met, in the images’ order', () => {
    const captions = [[3], [40, 90], [3], []];
    const draws = Array.from({ length: 20 }, (_, seed) => ownTexts(captions, 100, new Random(seed)));
    for (const { texts, right } of draws) {
      expect(texts.length).toBe(4);
      expect([texts[0], texts[2]]).toEqual([3, 3]);
      expect(right).toEqual([[0], [1], [2], []]);
    }
    expect(new Set(draws.map(({ texts }) => texts[1]))).toEqual(new Set([40, 90]));
  });

  it('have one of few sizes in training, however many a batch has of its own', () => {
    const sizeOf = (ownTexts: number) => {
      const many = Array.from({ length: ownTexts }, (_, i) => [i]);
      return sampleTexts(many, 100, sampleSize(many, 10), new Random(1)).texts?.length;
    };
    expect([4, 10, 11, 17, 20].map(sizeOf)).toEqual([10, 10, 20, 20, 20]);
  });
});
