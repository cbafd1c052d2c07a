import { describe, expect, it } from 'vitest';
import { splitInName, splitNamed } from '../../../src/data/splits/splitNames';
import { pairingsOf, recognise } from './recognise';

const x = 'image';

describe('words for splits', () => {
  it.each([
    ['seg_train', 'train'],
    ['Training_Set', 'train'],
    ['val2017', 'val'],
    ['dev', 'val'],
    ['test_images', 'test'],
    ['evaluation', 'test'],
    ['trains', undefined],
    ['train_station', undefined],
    ['train-test', undefined],
  ])('%s means %s', (name, split) => expect(splitNamed(name)).toBe(split));

  it('are found within the names of files', () => {
    expect(splitInName('caption_prediction_valid.csv')).toBe('val');
    expect(splitInName('Flickr_8k.trainImages.txt')).toBe('train');
    expect(splitInName('latest.csv')).toBeUndefined();
  });

  it('count at any depth, with a copy within, but not among classes', async () => {
    const listing = await recognise({
      'data/seg_train/seg_train/oak/1.jpg': x,
      'data/seg_train/seg_train/elm/2.jpg': x,
      'data/seg_test/seg_test/oak/3.jpg': x,
    });
    expect(pairingsOf(listing)).toEqual([
      'data/seg_test/seg_test/oak/3.jpg: oak (test)',
      'data/seg_train/seg_train/elm/2.jpg: elm (train)',
      'data/seg_train/seg_train/oak/1.jpg: oak (train)',
    ]);
    const nested = await recognise({
      'leaves/test/oak/1.jpg': x,
      'leaves/train/oak/2.jpg': x,
      'leaves/leaves/test/oak/1.jpg': x,
      'leaves/leaves/train/oak/2.jpg': x,
    });
    expect(pairingsOf(nested)).toEqual([
      'leaves/leaves/test/oak/1.jpg: oak (test)',
      'leaves/leaves/train/oak/2.jpg: oak (train)',
      'leaves/test/oak/1.jpg: oak (test)',
      'leaves/train/oak/2.jpg: oak (train)',
    ]);
    const vehicles = await recognise({ 'train/1.jpg': x, 'car/1.jpg': x, 'ship/1.jpg': x });
    expect(pairingsOf(vehicles)).toContain('train/1.jpg: train');
  });
});

describe('several splits of the same images', () => {
  const first = (folds: number, path: string) =>
    `Of ${folds} splits of the same images the first counts, that of ${path}.`;

  it('in tables count by the first, and parts of one split all', async () => {
    const images = { '1.jpg': x, '2.jpg': x, '3.jpg': x };
    const table = (...names: string[]) =>
      `file,label\n${names.map((name) => `${name}.jpg,cat ${name}`).join('\n')}`;
    const folds = await recognise({
      ...images,
      'train_fold0.csv': table('1', '2'),
      'val_fold0.csv': table('3'),
      'train_fold1.csv': table('2', '3'),
      'val_fold1.csv': table('1'),
    });
    expect(pairingsOf(folds)).toEqual(['1.jpg: cat 1 (train)', '2.jpg: cat 2 (train)', '3.jpg: cat 3 (val)']);
    expect(folds.doubts).toContain(first(2, 'train_fold0.csv'));
    const parts = await recognise({
      ...images,
      'train0.csv': table('1'),
      'train1.csv': table('2'),
      'test1.csv': table('3'),
    });
    expect(pairingsOf(parts).toSorted()).toEqual([
      '1.jpg: cat 1 (train)',
      '2.jpg: cat 2 (train)',
      '3.jpg: cat 3 (test)',
    ]);
  });

  it('in lists count by the first', async () => {
    const images = { 'dots/1.jpg': x, 'dots/2.jpg': x, 'lines/3.jpg': x };
    const lists = await recognise({
      ...images,
      'train1.txt': 'dots/1.jpg\nlines/3.jpg',
      'test1.txt': 'dots/2.jpg',
      'train2.txt': 'dots/2.jpg',
      'test2.txt': 'dots/1.jpg\nlines/3.jpg',
    });
    expect(pairingsOf(lists)).toEqual([
      'dots/1.jpg: dots (train)',
      'dots/2.jpg: dots (test)',
      'lines/3.jpg: lines (train)',
    ]);
    expect(lists.doubts).toContain(first(2, 'test1.txt'));
  });

  it('in folders and columns are named', async () => {
    const folders = await recognise({
      'folds/fold_0/cat/1.jpg': x,
      'folds/fold_0/dog/2.jpg': x,
      'folds/fold_1/cat/3.jpg': x,
      'folds/fold_1/dog/4.jpg': x,
    });
    expect(folders.doubts).toEqual([
      'The data has folds, by 2 folders such as fold_0, which are taken together.',
    ]);
    const column = await recognise({
      '1.jpg': x,
      '2.jpg': x,
      'a.csv': 'file,text,fold\n1.jpg,a calm sea,0\n2.jpg,a wild sea,1',
    });
    expect(column.doubts).toEqual(['The data has folds, by column fold, which are taken together.']);
  });
});
