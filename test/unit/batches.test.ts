import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchAt, evaluationIndices, sparesAt, trainingIndices } from '../../src/data/splits/batches';
import { classDataset } from './sampleDataset';

describe('batchAt', () => {
  it('takes images in file order and drops the last incomplete batch', () => {
    const options = { batchSize: 2, shuffle: false, seed: 0 };
    const steps = [0, 1, 2, 3].map((step) => batchAt(step, [3, 5, 7, 9, 11], options));
    expect(steps).toEqual([
      { epoch: 0, indices: [3, 5] },
      { epoch: 0, indices: [7, 9] },
      { epoch: 1, indices: [3, 5] },
      { epoch: 1, indices: [7, 9] },
    ]);
  });

  it('shuffles each epoch anew, every image at most once in it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer(),
        (count, size, seed) => {
          fc.pre(size <= count);
          const indices = Array.from({ length: count }, (_, i) => i);
          const perEpoch = Math.floor(count / size);
          const options = { batchSize: size, shuffle: true, seed };
          const epoch = Array.from({ length: perEpoch }, (_, i) => batchAt(perEpoch + i, indices, options));
          expect(epoch.every((batch) => batch.epoch === 1 && batch.indices.length === size)).toBe(true);
          const seen = epoch.flatMap((batch) => batch.indices);
          expect(new Set(seen).size).toBe(perEpoch * size);
          expect(batchAt(perEpoch, indices, options)).toEqual(epoch[0]);
        },
      ),
    );
    const indices = Array.from({ length: 50 }, (_, i) => i);
    const order = (step: number, seed: number) =>
      batchAt(step, indices, { batchSize: 50, shuffle: true, seed }).indices;
    expect(order(0, 0)).not.toEqual(indices);
    expect(order(0, 0)).not.toEqual(order(1, 0));
    expect(order(0, 0)).not.toEqual(order(0, 1));
  });

  it('has the rest of the epoch to spare, what comes next first', () => {
    const options = { batchSize: 2, shuffle: false, seed: 0 };
    expect(sparesAt(1, [3, 5, 7, 9, 11], options)).toEqual([11, 3, 5]);
    const shuffled = { ...options, shuffle: true };
    const all = [
      ...sparesAt(3, [3, 5, 7, 9, 11], shuffled),
      ...batchAt(3, [3, 5, 7, 9, 11], shuffled).indices,
    ];
    expect(all.sort((a, b) => a - b)).toEqual([3, 5, 7, 9, 11]);
  });

  it('says which batch size would do', () => {
    expect(() => batchAt(0, [1, 2, 3], { batchSize: 4, shuffle: true, seed: 0 })).toThrow(
      'There are 3 training images, fewer than a batch of 4; a batch size of at most 3 would do.',
    );
  });
});

describe('splits', () => {
  it('trains on train, or on all', () => {
    expect(trainingIndices(classDataset([[0, 'test'], [0, 'train'], [0], [1, 'train']]))).toEqual([1, 3]);
    expect(trainingIndices(classDataset([[0], [1]]))).toEqual([0, 1]);
  });

  it('trains on images without a split rather than on those to test on, and says where it must', () => {
    const loose = classDataset([[0, 'test'], [0], [1, 'unused']]);
    expect(trainingIndices(loose)).toEqual([1]);
    expect(evaluationIndices(loose)).toEqual({ indices: [0], heldOut: true });
    const onlyTest = classDataset([
      [0, 'test'],
      [0, 'test'],
    ]);
    expect(trainingIndices(onlyTest)).toEqual([0, 1]);
    expect(evaluationIndices(onlyTest)).toEqual({ indices: [0, 1], heldOut: false });
  });

  it('evaluates on test, else val, else what it trained on', () => {
    expect(
      evaluationIndices(
        classDataset([
          [0, 'train'],
          [0, 'test'],
          [0, 'val'],
        ]),
      ),
    ).toEqual({ indices: [1], heldOut: true });
    expect(
      evaluationIndices(
        classDataset([
          [0, 'train'],
          [0, 'val'],
        ]),
      ),
    ).toEqual({ indices: [1], heldOut: true });
    expect(evaluationIndices(classDataset([[0], [0]]))).toEqual({ indices: [0, 1], heldOut: false });
    expect(
      evaluationIndices(
        classDataset([
          [0, 'train'],
          [0, 'test'],
        ]),
        'train',
      ),
    ).toEqual({ indices: [0], heldOut: false });
    expect(() => evaluationIndices(classDataset([[0, 'train']]), 'test')).toThrow(
      'x has no images of the split test; it has train.',
    );
  });

  it('spreads a limited number evenly over the classes', () => {
    const dataset = classDataset(Array.from({ length: 100 }, (_, i) => [i % 4]));
    const { indices } = evaluationIndices(dataset, undefined, 20);
    const perClass = [0, 1, 2, 3].map(
      (label) => indices.filter((i) => dataset.images[i].texts[0] === label).length,
    );
    expect(perClass).toEqual([5, 5, 5, 5]);
    expect(new Set(indices).size).toBe(20);
    expect(evaluationIndices(dataset, undefined, 20).indices).toEqual(indices);
    expect(evaluationIndices(dataset, undefined, 1000).indices).toHaveLength(100);
  });

  it('spreads unlabelled images like those of one more class', () => {
    const dataset = classDataset(Array.from({ length: 90 }, (_, i) => (i % 3 === 2 ? [] : [i % 3])));
    const { indices } = evaluationIndices(dataset, undefined, 9);
    const perClass = [0, 1, undefined].map(
      (label) => indices.filter((i) => dataset.images[i].texts[0] === label).length,
    );
    expect(perClass).toEqual([3, 3, 3]);
  });
});
