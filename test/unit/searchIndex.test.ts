import { describe, expect, it } from 'vitest';
import {
  packIndex,
  quantiseFeatures,
  type SearchIndex,
  similarities,
  unpackIndex,
} from '../../src/export/searchIndex';
import { Random } from '../../src/files/random';

const QUERIES = 50;
const K = 10;

/** Rows of length 1. */
function rows(count: number, d: number, draw: (feature: number) => number): Float32Array {
  const features = new Float32Array(count * d);
  for (let i = 0; i < count; i++) {
    const row = Array.from({ length: d }, (_, j) => draw(j));
    const length = Math.hypot(...row);
    features.set(
      row.map((value) => value / length),
      i * d,
    );
  }
  return features;
}

const first = (scores: Float32Array) => [...scores.keys()].sort((a, b) => scores[b] - scores[a]).slice(0, K);

const exact = (text: Float32Array, features: Float32Array) =>
  Float32Array.from({ length: features.length / text.length }, (_, i) =>
    dot(text, features.subarray(i * text.length, (i + 1) * text.length)),
  );

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j] * b[j];
  return sum;
}

/** Of the first ten by float32 features, the share that is among the first ten by the index, over all texts. */
function recall(texts: Float32Array, features: Float32Array, d: number, index: SearchIndex): number {
  let both = 0;
  for (let at = 0; at < texts.length; at += d) {
    const text = texts.subarray(at, at + d);
    const found = new Set(first(similarities(text, index)));
    both += first(exact(text, features)).filter((picture) => found.has(picture)).length;
  }
  return both / ((texts.length / d) * K);
}

describe('features of pictures in 9 bits', () => {
  const random = new Random(7);
  const plain = () => random.normal();
  // As CLIPs have them: a direction that all share, and some features that are many times the others.
  const offsets = Array.from({ length: 512 }, () => 2 * random.normal());
  const spread = Array.from({ length: 512 }, (_, j) =>
    j % 100 === 0 ? 12 : Math.exp(0.5 * random.normal()),
  );
  const crowded = (j: number) => offsets[j] + spread[j] * random.normal();

  it.each([
    ['random', 10_000, 128, plain],
    ['random', 3000, 512, plain],
    ['crowded', 3000, 512, crowded],
  ])('find what float32 finds: %s, %i pictures, %i features', (_, pictures, d, draw) => {
    const features = rows(pictures, d, draw);
    const packed = packIndex(quantiseFeatures(features, d));
    expect(packed.length).toBe((pictures * d * 9) / 8 + 4 * pictures + 8 * d);
    const index = unpackIndex(packed.buffer, pictures, d);
    expect(recall(rows(QUERIES, d, plain), features, d, index)).toBeGreaterThanOrEqual(0.99);
  });

  it('of one picture, or of equal ones, are what they were', () => {
    const features = rows(1, 8, plain);
    const cosines = (pictures: Float32Array) => similarities(features, quantiseFeatures(pictures, 8));
    expect(cosines(features)[0]).toBeCloseTo(1, 5);
    expect([...cosines(Float32Array.from([...features, ...features]))]).toEqual([
      expect.closeTo(1, 5),
      expect.closeTo(1, 5),
    ]);
  });
});
