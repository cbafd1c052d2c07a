import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { hubParquet, pairingsOf, recognise } from './recognise';

const x = 'image';

describe('an image is found', () => {
  it('in the folder of the split that its table is named after, of several of its name', async () => {
    const listing = await recognise({
      'captions_train.csv': 'ID,Caption\n01,a calm sea\n02,a still lake\n',
      'captions_valid.csv': 'ID,Caption\n01,a wild sea\n02,a frozen lake\n',
      'train/01.jpg': x,
      'train/02.jpg': x,
      'valid/01.jpg': x,
      'valid/02.jpg': x,
    });
    expect(pairingsOf(listing)).toEqual([
      'train/01.jpg: a calm sea (train)',
      'train/02.jpg: a still lake (train)',
      'valid/01.jpg: a wild sea (val)',
      'valid/02.jpg: a frozen lake (val)',
    ]);
  });

  it('by a text file of its name in another folder, at any depth', async () => {
    const listing = await recognise({
      'pictures/01.Rook/a.jpg': x,
      'pictures/02.Jay/a.jpg': x,
      'descriptions/01.Rook/a.txt': 'a black bird\na bird on a roof\n',
      'descriptions/02.Jay/a.txt': 'a colourful bird\n',
    });
    expect(pairingsOf(listing)).toEqual([
      'pictures/01.Rook/a.jpg: a black bird | a bird on a roof',
      'pictures/02.Jay/a.jpg: a colourful bird',
    ]);
  });
});

describe('Parquet', () => {
  const metadata = (names: string[], texts: string[]) =>
    new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'file_name', data: names, type: 'STRING' },
          { name: 'text', data: texts, type: 'STRING' },
        ],
      }),
    );

  it('may be the table beside the images', async () => {
    const listing = await recognise({
      'train/metadata.parquet': metadata(['a.jpg', 'b.jpg'], ['a calm sea', 'a wild sea']),
      'train/a.jpg': x,
      'train/b.jpg': x,
    });
    expect(listing.format).toBe('ImageFolder with metadata.parquet');
    expect(pairingsOf(listing)).toEqual([
      'train/a.jpg: a calm sea (train)',
      'train/b.jpg: a wild sea (train)',
    ]);
  });

  it('is no table where it notes down what was downloaded into the folder of its name', async () => {
    const listing = await recognise({
      '00000.parquet': metadata(['000', '001'], ['another text', 'a lost image']),
      '00000/000.jpg': x,
      '00000/000.txt': 'a calm sea',
    });
    expect(pairingsOf(listing)).toEqual(['00000/000.jpg: a calm sea']);
  });

  it('has numbered columns of captions as one', async () => {
    const image = [1, 2].map((i) => ({ bytes: new Uint8Array([i]), path: null }));
    const listing = await recognise({
      'a.parquet': hubParquet({ image, caption_0: ['one', 'three'], caption_1: ['two', null] }),
    });
    expect(listing.tables?.[0].chosen).toMatchObject({ text: 'caption', kind: 'captions' });
    expect(listing.pairings.map(({ texts }) => texts)).toEqual([['one', 'two'], ['three']]);
  });

  it('with lists of images is refused by name', async () => {
    const bytes = [1, 2].map((i) => [{ bytes: new Uint8Array([i]), path: null }]);
    const file = new Uint8Array(
      parquetWriteBuffer({
        columnData: [{ name: 'pages', data: bytes }],
        schema: [
          { name: 'schema', num_children: 1 },
          { name: 'pages', converted_type: 'LIST', repetition_type: 'OPTIONAL', num_children: 1 },
          { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
          { name: 'element', repetition_type: 'OPTIONAL', num_children: 2 },
          { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
          { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
        ],
      }),
    );
    await expect(recognise({ 'a.parquet': file })).rejects.toThrow(/lists of images in its column pages/);
  });
});

it('a table has numbered columns of captions as one', async () => {
  const listing = await recognise({
    'all.csv': 'name,text,text 2,score\na.jpg,a calm sea,blue water,3\nb.jpg,a wild sea,,4\n',
    'a.jpg': x,
    'b.jpg': x,
  });
  expect(pairingsOf(listing)).toEqual(['a.jpg: a calm sea | blue water', 'b.jpg: a wild sea']);
});
