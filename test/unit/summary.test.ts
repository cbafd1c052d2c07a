import { describe, expect, it } from 'vitest';
import { scriptsOf } from '../../src/data/scripts';
import { arrange } from '../../src/data/splits/arrange';
import { baseClassCount } from '../../src/data/splits/baseClasses';
import { summarise } from '../../src/data/summary';
import { classDataset, factsOf, sampleDataset } from './sampleDataset';

describe('summarise', () => {
  it('counts classes in training and for testing, and tells what their texts are made by', () => {
    const dataset = classDataset([
      [0, 'train'],
      [0, 'train'],
      [1, 'train'],
      [1, 'test'],
      [undefined, 'train'],
    ]);
    const summary = summarise({ ...dataset, promptTemplate: 'a {}' });
    expect(summary).toMatchObject({
      images: 5,
      pairs: 4,
      classCounts: [
        { train: 2, test: 0 },
        { train: 1, test: 1 },
      ],
      promptTemplate: 'a {}',
      captionsPerImage: undefined,
      splits: { train: 4, test: 1 },
      hasOwnTest: true,
      examined: 0,
      sizes: undefined,
      duplicates: { nearDuplicates: 0, straddling: 0, leftOut: 0 },
    });
    expect(summary.samples).toContainEqual({ image: 4, text: '' });
    const unsplit = summarise(classDataset([[0], [1]]));
    expect(unsplit).toMatchObject({
      splits: { all: 2 },
      hasOwnTest: false,
      classCounts: [
        { train: 1, test: 0 },
        { train: 1, test: 0 },
      ],
    });
  });

  it('counts captions, and images that are never mirrored', () => {
    const dataset = sampleDataset({
      texts: ['a cat', 'a cat on the left', 'a dog', 'the right shoe'],
      images: [
        { path: 'a', texts: [0, 1, 2] },
        { path: 'b', texts: [3] },
        { path: 'c', texts: [0, 2] },
      ],
    });
    expect(summarise(dataset)).toMatchObject({
      pairs: 6,
      texts: 4,
      classes: [],
      classCounts: [],
      promptTemplate: undefined,
      captionsPerImage: { least: 1, mean: 2, most: 3 },
      notMirrored: 2,
    });
  });

  it('knows the sizes of images looked into, and what was found by it', () => {
    const dataset = classDataset([
      [0, 'train'],
      [0, 'train'],
      [0, 'test'],
      [0, 'train'],
    ]);
    const facts = factsOf({ 0: 'ff00ff00ff00ff00', 2: 'ff00ff00ff00ff00', 3: '00ffff0000ffff00' });
    facts.set(0, { width: 300, height: 300, hash: 'ff00ff00ff00ff00', colours: new Uint8Array(48) });
    facts.set(3, { width: 1, height: 20000, hash: '0', colours: new Uint8Array(48) });
    const { dataset: arranged, ...found } = arrange(dataset, facts, { moveNearDuplicates: true, shots: 1 });
    expect(summarise(arranged, facts, found)).toMatchObject({
      examined: 3,
      sizes: {
        smallest: { width: 10, height: 10 },
        median: { width: 1, height: 20000 },
        largest: { width: 300, height: 300 },
      },
      duplicates: { nearDuplicates: 2, straddling: 0, leftOut: 1 },
      splits: { train: 1, test: 1, unused: 2 },
    });
  });
});

describe('scripts', () => {
  it('are told by letters, the most used first', () => {
    expect(scriptsOf(['abcdef, 123!', 'мир', '猫', '𐌀𐌁'])).toEqual([
      { script: 'Latin', share: 6 / 14 },
      { script: 'other', share: 4 / 14 },
      { script: 'Cyrillic', share: 3 / 14 },
      { script: 'Han', share: 1 / 14 },
    ]);
    expect(scriptsOf([])).toEqual([]);
    expect(scriptsOf(['123 🙂'])).toEqual([]);
  });

  it('are those of all parts of long data', () => {
    const texts = Array.from({ length: 20_000 }, (_, i) =>
      i < 10_000 ? 'a'.repeat(5000) : 'б'.repeat(5000),
    );
    expect(scriptsOf(texts)).toEqual([
      { script: 'Latin', share: 0.5 },
      { script: 'Cyrillic', share: 0.5 },
    ]);
  });
});

describe('base classes', () => {
  it('are the first half, rounded up', () => {
    expect([1, 2, 5, 100].map(baseClassCount)).toEqual([1, 1, 3, 50]);
  });
});
