import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/data/dataset';
import { arrange } from '../../src/data/splits/arrange';
import { evaluationIndices, trainingCounts, trainingIndices } from '../../src/data/splits/batches';
import { nearDuplicateGroups } from '../../src/data/splits/nearDuplicates';
import { Random } from '../../src/files/random';
import { classDataset, factsOf, sampleDataset } from './sampleDataset';

const nothing = new Map();
const alike = 'f0f0f0f0f0f0f0f0';
const almostAlike = 'f0f0f0f0f0f0f0f7';
const other = '0123456789abcdef';

/** So many images of each class, one class after the other, without splits. */
const classesOf = (...sizes: number[]) =>
  classDataset(sizes.flatMap((size, label) => Array.from({ length: size }, (): [number] => [label])));

const splitsOf = ({ images }: Dataset) => images.map(({ split }) => split);
const count = (dataset: Dataset, split: string, label?: number) =>
  dataset.images.filter((image) => image.split === split && (label === undefined || image.texts[0] === label))
    .length;

describe('a drawn split', () => {
  it('is not drawn unless asked for, and never where the data says what to test on', () => {
    const dataset = classesOf(5, 5);
    expect(arrange(dataset, nothing, {}).dataset).toEqual(dataset);
    for (const split of ['test', 'val']) {
      const given = classDataset([[0, 'train'], [0, split], [1, 'train'], [1]]);
      const { dataset: arranged, hasOwnTest } = arrange(given, nothing, { testShare: 0.5 });
      expect(splitsOf(arranged)).toEqual(splitsOf(given));
      expect(hasOwnTest).toBe(true);
    }
  });

  it('takes its share of each class, never the last image, and in all the share of the whole', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 12 }),
        fc.double({ min: 0.05, max: 0.9, noNaN: true }),
        fc.integer(),
        (sizes, testShare, seed) => {
          const { dataset, hasOwnTest } = arrange(classesOf(...sizes), nothing, { testShare, seed });
          expect(hasOwnTest).toBe(false);
          for (const [label, size] of sizes.entries()) {
            const test = count(dataset, 'test', label);
            expect(count(dataset, 'train', label) + test).toBe(size);
            expect(test).toBeLessThan(size);
            if (size > 1 / (1 - testShare)) expect(test).toBeGreaterThanOrEqual(Math.floor(size * testShare));
            // The smallest data gives one image away, though its share be less than half a one.
            expect(test).toBeLessThanOrEqual(Math.ceil(size * testShare));
          }
          const total = sizes.reduce((a, b) => a + b, 0);
          const most = Math.max(1, Math.round(total * testShare));
          expect(count(dataset, 'test')).toBeLessThanOrEqual(most);
          if (sizes.every((size) => size > 1 / (1 - testShare))) expect(count(dataset, 'test')).toBe(most);
        },
      ),
    );
  });

  it('does not make up for a class of one image from a class whose share is a whole number', () => {
    const { dataset } = arrange(classesOf(20, 1), nothing, { testShare: 0.9 });
    expect([count(dataset, 'test', 0), count(dataset, 'test', 1)]).toEqual([18, 0]);
  });

  it('serves equal remainders at random, not the first classes', () => {
    const tested = Array.from({ length: 40 }, (_, seed) => {
      const { dataset } = arrange(classesOf(3, 3, 3, 3), nothing, { testShare: 0.2, seed });
      return [0, 1, 2, 3].map((label) => count(dataset, 'test', label));
    });
    for (const label of [0, 1, 2, 3])
      expect(tested.filter((counts) => counts[label] > 0).length).toBeGreaterThan(8);
  });

  it('is of the seed, and hardly changes with an image less or another folder around all', () => {
    const dataset = classesOf(50, 50);
    const testOf = (data: Dataset, seed: number) =>
      arrange(data, nothing, { testShare: 0.2, seed })
        .dataset.images.filter(({ split }) => split === 'test')
        .map(({ path }) => path.replace('around/', ''));
    const drawn = testOf(dataset, 3);
    expect(drawn).toHaveLength(20);
    expect(testOf(dataset, 3)).toEqual(drawn);
    expect(testOf(dataset, 4)).not.toEqual(drawn);
    const wrapped = dataset.images.map((image) => ({ ...image, path: `around/${image.path}` }));
    expect(testOf({ ...dataset, images: wrapped }, 3)).toEqual(drawn);
    const fewer = testOf({ ...dataset, images: dataset.images.slice(1) }, 3);
    expect(fewer.filter((path) => !drawn.includes(path)).length).toBeLessThanOrEqual(2);
  });

  it('draws captions and unlabelled images plainly, and only from the training images', () => {
    const captions = sampleDataset({
      texts: Array.from({ length: 20 }, (_, i) => `text ${i}`),
      images: Array.from({ length: 20 }, (_, i) => ({ path: `${i}.png`, texts: [i] })),
    });
    expect(count(arrange(captions, nothing, { testShare: 0.25 }).dataset, 'test')).toBe(5);
    const unlabelled = classDataset(Array.from({ length: 10 }, () => []));
    expect(count(arrange(unlabelled, nothing, { testShare: 0.2 }).dataset, 'test')).toBe(2);
    const partly = classDataset([
      ...Array.from({ length: 10 }, (): [number, string] => [0, 'train']),
      [0, 'extra'],
    ]);
    const { dataset } = arrange(partly, nothing, { testShare: 0.5 });
    expect([count(dataset, 'train'), count(dataset, 'test'), count(dataset, 'extra')]).toEqual([5, 5, 1]);
  });
});

describe('near-duplicates', () => {
  it('finds all pairs of hashes that differ in up to three bits, and no others', () => {
    const random = new Random(5);
    const hashes: string[] = [];
    for (let i = 0; i < 400; i++) {
      const bits = Array.from({ length: 64 }, () => random.integer(2));
      hashes.push(toHex(bits));
      for (let flips = random.integer(6); flips > 0; flips--) bits[random.integer(64)] ^= 1;
      hashes.push(toHex(bits));
    }
    const expected = new Set<string>();
    for (let i = 0; i < hashes.length; i += 2)
      if (bitsApart(hashes[i], hashes[i + 1]) <= 3) expected.add(`${i},${i + 1}`);
    const found = nearDuplicateGroups(factsOf({ ...hashes }));
    expect(expected.size).toBeGreaterThan(150);
    expect(new Set(found.map(String))).toEqual(expected);
  });

  it('joins chains, tells shapes apart and passes over images that show nothing', () => {
    const chain = ['00000000000000ff', '0000000000000fff', '00000000000007f8', 'ffffffff00000000'];
    expect(
      nearDuplicateGroups(
        factsOf({ 3: chain[0], 1: '00000000000001ff', 7: '0000000000000fff', 9: chain[3] }),
      ),
    ).toEqual([[1, 3, 7]]);
    const colours = new Uint8Array(48).fill(200);
    const wide = new Map([
      [0, { width: 20, height: 10, hash: alike, colours }],
      [1, { width: 10, height: 20, hash: alike, colours }],
    ]);
    expect(nearDuplicateGroups(wide)).toEqual([]);
    const plain = '0000000000000000';
    expect(nearDuplicateGroups(factsOf({ 0: plain, 1: plain, 2: '0000000000000007' }))).toEqual([]);
  });

  it('tells things of one shape by their colours, and not by the light', () => {
    const painted = (...rgb: number[]) => ({
      width: 8,
      height: 8,
      hash: alike,
      // White around, the colour in the four parts in the middle.
      colours: Uint8Array.from({ length: 48 }, (_, i) =>
        [5, 6, 9, 10].includes(Math.floor(i / 3)) ? rgb[i % 3] : 240,
      ),
    });
    const red = painted(200, 20, 20);
    expect(nearDuplicateGroups(new Map([red, painted(20, 20, 200)].entries()))).toEqual([]);
    expect(nearDuplicateGroups(new Map([red, painted(190, 30, 25)].entries()))).toEqual([[0, 1]]);
    const darker = { ...red, colours: red.colours.map((level) => level - 15) };
    expect(nearDuplicateGroups(new Map([red, darker].entries()))).toEqual([[0, 1]]);
  });

  it('never straddle a split that is drawn', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 14 }), { minLength: 20, maxLength: 40 }),
        fc.integer(),
        (kinds, seed) => {
          const dataset = classDataset(kinds.map((_, i) => [i % 3]));
          const hash = (kind: number) =>
            (0x11111111 * kind).toString(16).padStart(8, '0').repeat(2).slice(0, 16);
          const facts = factsOf(Object.fromEntries(kinds.map((kind, i) => [i, hash(kind + 1)])));
          const arranged = arrange(dataset, facts, { testShare: 0.3, seed });
          for (const group of nearDuplicateGroups(facts))
            expect(new Set(group.map((image) => arranged.dataset.images[image].split)).size).toBe(1);
          expect(arranged.duplicates).toMatchObject({ straddling: 0, leftOut: 0 });
        },
      ),
    );
  });

  it('are counted where they straddle given splits, and left out of training if asked', () => {
    const given = classDataset([
      [0, 'train'],
      [0, 'test'],
      [1, 'train'],
      [1, 'train'],
      [1, 'val'],
      [0, 'train'],
    ]);
    const facts = factsOf({ 0: alike, 1: almostAlike, 2: alike, 3: other, 4: other, 5: '00ff00ff00ff00ff' });
    const kept = arrange(given, facts, {});
    expect(kept.dataset.images).toEqual(given.images);
    expect(kept.duplicates).toEqual({ nearDuplicates: 5, straddling: 3, leftOut: 0 });
    const fewer = arrange(given, facts, { moveNearDuplicates: true });
    expect(splitsOf(fewer.dataset)).toEqual(['unused', 'test', 'unused', 'unused', 'val', 'train']);
    expect(fewer.duplicates).toEqual({ nearDuplicates: 5, straddling: 0, leftOut: 3 });
  });
});

describe('few shots', () => {
  it('are so many of each class in training; the rest is used for nothing', () => {
    const { dataset } = arrange(classesOf(10, 3, 1), nothing, { shots: 2, seed: 1 });
    expect([0, 1, 2].map((label) => count(dataset, 'train', label))).toEqual([2, 2, 1]);
    expect(count(dataset, 'unused')).toBe(9);
    expect(trainingIndices(dataset)).toHaveLength(5);
    expect(evaluationIndices(dataset)).toEqual({ indices: trainingIndices(dataset), heldOut: false });
    const again = arrange(classesOf(10, 3, 1), nothing, { shots: 2, seed: 2 });
    expect(splitsOf(again.dataset)).not.toEqual(splitsOf(dataset));
  });

  it('leave the test split alone, given or drawn, and captions and unlabelled images too', () => {
    const given = classDataset([
      [0, 'train'],
      [0, 'train'],
      [0, 'test'],
      [0, 'test'],
      [undefined, 'train'],
    ]);
    expect(splitsOf(arrange(given, nothing, { shots: 1 }).dataset).slice(2)).toEqual([
      'test',
      'test',
      'train',
    ]);
    const drawn = arrange(classesOf(10, 10), nothing, { shots: 3, testShare: 0.2 }).dataset;
    expect([count(drawn, 'train'), count(drawn, 'test'), count(drawn, 'unused')]).toEqual([6, 4, 10]);
    const captions = sampleDataset({
      texts: ['a'],
      images: [
        { path: 'a.png', texts: [0] },
        { path: 'b.png', texts: [0] },
      ],
    });
    expect(arrange(captions, nothing, { shots: 1 }).dataset).toEqual(captions);
  });
});

function toHex(bits: number[]): string {
  return BigInt(`0b${bits.join('')}`)
    .toString(16)
    .padStart(16, '0');
}

function bitsApart(a: string, b: string): number {
  return (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2).replaceAll('0', '').length;
}

describe('few labels', () => {
  const texts = ({ images }: Dataset) => images.map((image) => image.texts);

  it('leave the rest to train on without a label, and test images as they are', () => {
    const given = classDataset([
      [0, 'test'],
      [0, 'train'],
      [0, 'train'],
      [1, 'train'],
      [1, 'train'],
      [1, 'test'],
    ]);
    const { dataset } = arrange(given, nothing, { labelsPerClass: 1 });
    expect(splitsOf(dataset)).toEqual(splitsOf(given));
    expect(trainingCounts(dataset)).toMatchObject({ images: 4, labelled: 2 });
    expect([texts(dataset)[0], texts(dataset)[5]]).toEqual([[0], [1]]);
    expect(new Set(texts(dataset).slice(1, 5).flat())).toEqual(new Set([0, 1]));
    expect(trainingCounts(arrange(given, nothing, { labelsPerClass: 0 }).dataset).labelled).toBe(0);
  });

  it('are among the few shots, drawn from the seed', () => {
    const labelled = (seed: number) => {
      const { dataset } = arrange(classesOf(10, 10), nothing, { shots: 4, labelsPerClass: 2, seed });
      expect(trainingCounts(dataset)).toMatchObject({ images: 8, labelled: 4 });
      return trainingIndices(dataset).filter((image) => dataset.images[image].texts.length > 0);
    };
    expect(labelled(1)).toEqual(labelled(1));
    expect(labelled(1)).not.toEqual(labelled(2));
  });

  it('leave captions as they are', () => {
    const captions = sampleDataset({ texts: ['a'], images: [{ path: 'a.png', texts: [0] }] });
    expect(arrange(captions, nothing, { labelsPerClass: 0 }).dataset).toEqual(captions);
  });
});
