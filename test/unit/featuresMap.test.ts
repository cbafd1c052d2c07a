import { describe, expect, it } from 'vitest';
import type { Embeddings } from '../../src/evaluate/results';
import { Random } from '../../src/files/random';
import { distances } from '../../src/page/map/distances';
import { PcaProjection, umapPlaces } from '../../src/page/map/reduce';

const flat = (rows: number[][]) => Float32Array.from(rows.flat());

function embeddings(teacher: number[][], student = teacher, texts: number[][] = []): Embeddings {
  const [dimension] = [teacher[0]?.length ?? 2];
  return { dimension, teacher: flat(teacher), student: flat(student), texts: flat(texts) };
}

/** Rows of length 1 around a few centres. */
function clustered(seed: number, count: number, dimension: number): number[][] {
  const random = new Random(seed);
  const vector = () => Array.from({ length: dimension }, () => random.normal());
  const centres = Array.from({ length: 4 }, vector);
  return Array.from({ length: count }, (_, i) => {
    const row = vector().map((value, j) => centres[i % 4][j] + 0.3 * value);
    const length = Math.hypot(...row);
    return row.map((value) => value / length);
  });
}

/** Varies by ±2 along the first feature, ±1 along the third, around (1, 5, 0). */
const cross = [
  [3, 5, 0],
  [-1, 5, 0],
  [1, 5, 1],
  [1, 5, -1],
];

describe('PCA of the features map', () => {
  it('finds the axes of a small case, and the variance that they hold', () => {
    const places = new PcaProjection().project(embeddings(cross, cross, [[1, 9, 0.5]]));
    expect(Array.from(places?.teacher ?? [])).toEqual(
      [2, 0, -2, 0, 0, 1, 0, -1].map((v) => expect.closeTo(v, 5)),
    );
    // Along the second feature nothing varies, so it is not seen.
    expect(Array.from(places?.texts ?? [])).toEqual([0, 0.5].map((v) => expect.closeTo(v, 5)));
    expect(places?.shares).toEqual([expect.closeTo(0.8, 5), expect.closeTo(0.2, 5)]);
  });

  it('keeps its axes while the student learns, and draws no line where it has learnt all', () => {
    const teacher = clustered(1, 24, 16);
    const projection = new PcaProjection();
    const before = projection.project(embeddings(teacher, clustered(2, 24, 16)));
    const after = projection.project(embeddings(teacher.map((row) => row.map((v) => v + 1e-6))));
    expect(after?.fit).toBe(before?.fit);
    expect(
      Math.max(...(after?.teacher ?? []).map((v, i) => Math.abs(v - (before?.teacher[i] ?? 9)))),
    ).toBeLessThan(1e-4);
    expect(after?.student).toEqual(after?.teacher);
    expect(before?.student).not.toEqual(before?.teacher);
  });

  it('fits anew for other images', () => {
    const projection = new PcaProjection();
    expect(projection.project(embeddings(clustered(1, 24, 16)))?.fit).toBe(1);
    expect(projection.project(embeddings(clustered(3, 24, 16)))?.fit).toBe(2);
    expect(projection.project(embeddings(clustered(3, 12, 16)))?.fit).toBe(3);
  });

  it('gives no place to what is no number, and none at all to fewer than two images', () => {
    const projection = new PcaProjection();
    const broken = cross.map((row, i) => (i === 1 ? [Number.NaN, 0, 0] : row));
    const places = projection.project(embeddings(cross, broken));
    expect(Array.from(places?.student ?? []).map(Number.isNaN)).toEqual([
      false,
      false,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(new PcaProjection().project(embeddings(cross.slice(0, 1)))).toBeUndefined();
    expect(new PcaProjection().project(embeddings([]))).toBeUndefined();
    expect(new PcaProjection().project(embeddings(broken))?.teacher.filter(Number.isNaN)).toHaveLength(2);
  });

  it('puts equal images into one place', () => {
    const places = new PcaProjection().project(embeddings([cross[0], cross[0]]));
    expect(Array.from(places?.teacher ?? [])).toEqual([0, 0, 0, 0].map((v) => expect.closeTo(v, 5)));
    expect(places?.shares).toEqual([0, 0]);
  });
});

describe('UMAP of the features map', () => {
  const all = embeddings(clustered(1, 30, 16), clustered(2, 30, 16));
  const none = new Float32Array();

  it('gives the same places for the same features, and tells how far it is', () => {
    const shares: number[] = [];
    const first = umapPlaces(all, none, (share) => shares.push(share));
    expect(umapPlaces(all, none, () => {})).toEqual(first);
    expect(first.teacher).toHaveLength(60);
    expect([...first.teacher, ...first.student].every(Number.isFinite)).toBe(true);
    expect(shares.length).toBeGreaterThan(50);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
  });

  it('lays neighbours side by side', () => {
    const { teacher } = umapPlaces(all, none, () => {});
    const apart = (a: number, b: number) =>
      Math.hypot(teacher[2 * a] - teacher[2 * b], teacher[2 * a + 1] - teacher[2 * b + 1]);
    // Every fourth row has the same centre.
    expect(apart(0, 4)).toBeLessThan(apart(0, 1));
    expect(apart(1, 5)).toBeLessThan(apart(1, 2));
  });

  it('lays another student out among them, but for images that it did not look at', () => {
    const beside = all.student.slice();
    beside.fill(Number.NaN, 0, all.dimension);
    const places = umapPlaces(all, beside, () => {});
    expect([...places.teacher, ...places.student].every(Number.isFinite)).toBe(true);
    expect(places.beside.findIndex(Number.isFinite)).toBe(2);
    // It is the same student, so that its points lie beside that one's.
    const apart = (row: number, other: number) =>
      Math.hypot(
        places.beside[2 * row] - places.student[2 * other],
        places.beside[2 * row + 1] - places.student[2 * other + 1],
      );
    expect(apart(8, 8)).toBeLessThan(apart(8, 1));
  });

  it('takes a student that tells no image from another, and as few as two images', () => {
    const same = clustered(2, 1, 16)[0];
    const places = umapPlaces(embeddings(clustered(1, 30, 16), Array(30).fill(same)), none, () => {});
    expect([...places.teacher, ...places.student].every(Number.isFinite)).toBe(true);
    const two = umapPlaces(embeddings(clustered(1, 2, 16), clustered(2, 2, 16)), none, () => {});
    expect([...two.teacher, ...two.student].every(Number.isFinite)).toBe(true);
  });
});

it('measures an image’s distance as 1 − cosine', () => {
  const [east, north] = [
    [1, 0],
    [0, 1],
  ];
  expect(Array.from(distances(embeddings([east, east, east], [east, north, [-1, 0]])))).toEqual([0, 1, 2]);
});
