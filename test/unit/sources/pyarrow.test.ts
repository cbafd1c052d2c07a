import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Columns } from '../../../src/data/options';
import { pairingsOf, recognise, skipsOf } from './recognise';

describe('Parquet that pyarrow and pandas wrote', () => {
  const fixture = async (name: string) => ({
    'tiles.parquet': await readFile(`test/fixtures/${name}.parquet`),
  });
  const textsOf = async (name: string, columns?: Columns) =>
    (await recognise(await fixture(name), { columns })).pairings.map(({ texts }) => texts);

  it('has lists of classes with their names, or what is answered in conversations', async () => {
    const read = (text: string, kind: 'captions' | 'classes') =>
      textsOf('pyarrow', { image: 'image', text, kind });
    expect(await read('labels', 'classes')).toEqual([['cat'], ['sea otter'], ['cat', 'sea otter'], ['cat']]);
    expect(await read('messages', 'captions')).toEqual([
      ['a plain red tile'],
      ['a plain green tile'],
      ['a plain blue tile'],
      ['a plain white tile'],
    ]);
  });

  it('has several images a row, of which each goes with the text', async () => {
    const listing = await recognise(await fixture('pyarrowLists'));
    expect(pairingsOf(listing)).toEqual([
      'tiles/a.png: page 0 of a book',
      'tiles/b.png: page 0 of a book',
      'tiles/000002.png: page 2 of a book',
      'tiles/c.png: page 3 of a book',
      'tiles/d.png: page 4 of a book',
      'tiles/e.png: page 4 of a book',
      'tiles/f.png: page 4 of a book',
    ]);
    expect(skipsOf(listing)).toEqual(['tiles.parquet: row 2 has nothing in its column pages']);
    expect(listing.doubts).toEqual(["2 rows of several images: each image goes with its row's text."]);
    const bytes = listing.pairings.map(async ({ open }) => (await open?.())?.text());
    expect(await Promise.allSettled(bytes)).toEqual([
      ...['a', 'b'].map((value) => ({ status: 'fulfilled', value })),
      { status: 'rejected', reason: new Error('row 3 has no image in it') },
      ...['c', 'd', 'e', 'f'].map((value) => ({ status: 'fulfilled', value })),
    ]);
  });

  it('has boxes with classes, each class once an image', async () => {
    const listing = await recognise(await fixture('pyarrowObjects'));
    expect(pairingsOf(listing)).toEqual([
      'tiles/a.png: glove',
      'tiles/b.png: mask',
      'tiles/c.png: mask | glove',
    ]);
    expect(listing.classes).toEqual(['mask', 'glove']);
    expect(listing.doubts).toEqual([
      'Where in the images something is, as column objects says, is passed over.',
      '1 of 3 images are of several classes; each counts.',
    ]);
  });

  it('has truth values, class numbers where some are missing, and names in structs', async () => {
    const read = (text: string) => textsOf('pandas', { image: 'image', text, kind: 'classes' });
    expect(await read('is_smiling')).toEqual([['smiling'], ['not smiling'], ['smiling'], ['smiling']]);
    expect(await read('classes by columns of 0 and 1')).toEqual([
      ['smiling'],
      ['hat'],
      ['smiling', 'hat'],
      ['smiling'],
    ]);
    expect(await read('label')).toEqual([['class 1'], ['class 0'], ['class 1']]);
    expect(await read('name.text')).toEqual([['cat'], ['dog'], ['cat'], ['dog']]);
  });
});
