import { gzipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { type Files, toBytes } from '../sampleData';
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

  it('by tables that are packed, of which one that is damaged costs no other', async () => {
    const listing = await recognise({
      'pictures/a.jpg': x,
      'pictures/b.jpg': x,
      'a.csv.gz': gzipSync(toBytes('image,caption\na.jpg,a calm sea\n')),
      'b.jsonl.gz': gzipSync(toBytes('{"image": "b.jpg", "caption": "a wild sea"}\n')),
      'c.tsv.gz': 'no gzip',
    });
    expect(pairingsOf(listing)).toEqual(['pictures/a.jpg: a calm sea', 'pictures/b.jpg: a wild sea']);
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

  it('with lists of images without names is refused by name', async () => {
    const bytes = [1, 2].map((i) => [new Uint8Array([i])]);
    const file = new Uint8Array(
      parquetWriteBuffer({
        columnData: [{ name: 'pages', data: bytes }],
        schema: [
          { name: 'schema', num_children: 1 },
          { name: 'pages', converted_type: 'LIST', repetition_type: 'OPTIONAL', num_children: 1 },
          { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
          { name: 'element', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
        ],
      }),
    );
    await expect(recognise({ 'a.parquet': file })).rejects.toThrow(
      'a.parquet has lists of images without names in its column pages, which are not read; write one image a row, or as {bytes, path}.',
    );
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

describe('tables', () => {
  const ab = { 'p/a.jpg': x, 'p/b.jpg': x };

  it.each<[string, Files, string[]]>([
    [
      'a line for each image in a text file, with its class',
      { 'list.txt': 'a.jpg 1\nb.jpg 0\n', 'label_list.txt': 'fern\nmoss\n' },
      ['p/a.jpg: moss', 'p/b.jpg: fern'],
    ],
    [
      'names with class numbers from 1 on',
      { 'all.csv': 'image,label\na.jpg,1\nb.jpg,2\n', 'names.txt': 'fern\nmoss\n' },
      ['p/a.jpg: fern', 'p/b.jpg: moss'],
    ],
    [
      'columns of 0 and 1, with the splits of another table by number',
      {
        'attributes.csv': 'image_id,green,tall\na.jpg,1,-1\nb.jpg,1,1\n',
        'partition.csv': 'image_id,partition\na.jpg,0\nb.jpg,2\n',
      },
      ['p/a.jpg: green (train)', 'p/b.jpg: green | tall (test)'],
    ],
    [
      'attributes under a heading',
      { 'attributes.txt': '2\ngreen tall\na.jpg -1  1\nb.jpg  1  1\n' },
      ['p/a.jpg: tall', 'p/b.jpg: green | tall'],
    ],
    [
      'several images a row',
      { 'metadata.jsonl': '{"file_names": ["p/a.jpg", "p/b.jpg"], "text": "a calm sea"}' },
      ['p/a.jpg: a calm sea', 'p/b.jpg: a calm sea'],
    ],
    [
      'names that Label Studio has put digits before, and classes deep in its export',
      {
        'project.json': JSON.stringify(
          ['a', 'b'].map((name) => ({
            data: { image: `/data/upload/1/0a1b2c3d-${name}.jpg` },
            annotations: [{ result: [{ value: { choices: [name === 'a' ? 'Fern' : 'Moss'] } }] }],
          })),
        ),
      },
      ['p/a.jpg: Fern', 'p/b.jpg: Moss'],
    ],
    [
      'messages of parts',
      {
        'chat.jsonl': ['a', 'b']
          .map((name) =>
            JSON.stringify({
              messages: [
                { role: 'user', content: [{ type: 'image_url', image_url: { url: `p/${name}.jpg` } }] },
                { role: 'assistant', content: [{ type: 'text', text: `a sea ${name}` }] },
              ],
            }),
          )
          .join('\n'),
      },
      ['p/a.jpg: a sea a', 'p/b.jpg: a sea b'],
    ],
    [
      'settings by name without ending, with tags',
      { 'meta.json': '{"a": {"tags": "sea, calm"}, "b": {"tags": "sea, wild", "caption": "a wild sea"}}' },
      ['p/a.jpg: sea, calm', 'p/b.jpg: a wild sea'],
    ],
    [
      'a list in an object',
      {
        'TextCaps.json':
          '{"version": 1, "data": [{"image_id": "a", "caption_str": "a calm sea"}, {"image_id": "b", "caption_str": "a wild sea"}]}',
      },
      ['p/a.jpg: a calm sea', 'p/b.jpg: a wild sea'],
    ],
  ])('are read with %s', async (_, files, expected) => {
    expect(pairingsOf(await recognise({ ...ab, ...files }))).toEqual(expected);
  });

  it('of no split say nothing beside those of the splits', async () => {
    const listing = await recognise({
      'Train.csv': 'Path,Label\nTrain/1.png,stop\n',
      'Test.csv': 'Path,Label\nTest/2.png,stop\n',
      'Meta.csv': 'Path,Label\nMeta/0.png,stop\n',
      'Train/1.png': x,
      'Test/2.png': x,
      'Meta/0.png': x,
    });
    expect(pairingsOf(listing)).toEqual(['Test/2.png: stop (test)', 'Train/1.png: stop (train)']);
  });
});

describe('class names', () => {
  const folders = { 'train/n01/a.jpg': x, 'train/n02/b.jpg': x };

  it.each([
    ['synset_mapping.txt', 'n01 fern, green\nn02 moss\n', ['fern, green', 'moss']],
    ['class_index.json', '{"0": ["n01", "fern"], "1": ["n02", "moss"]}', ['fern', 'moss']],
    ['class-descriptions.csv', 'n01,Fern\nn02,"Moss"\n', ['Fern', 'Moss']],
    ['class_weights.txt', 'n01 0.5\nn02 0.7\n', ['n01', 'n02']],
  ])('come from %s', async (file, text, names) => {
    const { pairings } = await recognise({ ...folders, [file]: text });
    expect(pairings.flatMap(({ texts }) => texts)).toEqual(names);
  });

  it('lose numbers before them where all have some', async () => {
    const numbered = await recognise({ '10_grey cat/a.jpg': x, '2_white-cat/b.jpg': x });
    expect(pairingsOf(numbered)).toEqual(['10_grey cat/a.jpg: grey cat', '2_white-cat/b.jpg: white cat']);
    const mixed = await recognise({ '2_door/a.jpg': x, 'van/b.jpg': x });
    expect(pairingsOf(mixed)).toEqual(['2_door/a.jpg: 2 door', 'van/b.jpg: van']);
  });

  it('stand in COCO files where annotations are of whole images', async () => {
    const listing = await recognise({
      'train2019.json': JSON.stringify({
        images: [{ id: 1, file_name: 'all/7/a.jpg' }],
        annotations: [{ image_id: 1, category_id: 7 }],
        categories: [{ id: 7, name: 'Turdus merula' }],
      }),
      'all/7/a.jpg': x,
    });
    expect(pairingsOf(listing)).toEqual(['all/7/a.jpg: Turdus merula (train)']);
  });

  it('stand before numbers in the names of images, with lists of their splits, and masks are left out', async () => {
    const pets = ['Beagle', 'Russian_Blue'].flatMap((name) => [`${name}_1`, `${name}_2`]);
    const listing = await recognise({
      ...Object.fromEntries(pets.map((name) => [`images/${name}.jpg`, x])),
      'annotations/trimaps/Beagle_1.png': x,
      'annotations/trainval.txt': 'Beagle_1 1 1 1\nRussian_Blue_1 2 2 1\n',
      'annotations/test.txt': 'Beagle_2 1 1 1\nRussian_Blue_2 2 2 1\n',
    });
    expect(pairingsOf(listing)).toEqual([
      'images/Beagle_1.jpg: Beagle (train)',
      'images/Beagle_2.jpg: Beagle (test)',
      'images/Russian_Blue_1.jpg: Russian Blue (train)',
      'images/Russian_Blue_2.jpg: Russian Blue (test)',
    ]);
    expect(listing.doubts).toEqual(['Left out: 1 image in folders of masks and the like.']);
  });
});

describe('of several readings', () => {
  it('the one counts that leaves least out and whose texts say something; the others are named', async () => {
    const files = {
      'fern/a.jpg': x,
      'fern/b.jpg': x,
      'moss/c.jpg': x,
      'boxes.csv': 'image,what\na.jpg,fern_01 12 40 9 9\n',
    };
    const listing = await recognise(files);
    expect(listing.format).toBe('a folder per class');
    expect(listing.doubts).toEqual([]);
    const captioned = {
      ...files,
      'boxes.csv': 'image,what\na.jpg,a fern in the shade\nc.jpg,moss on a stone\n',
    };
    const table = await recognise(captioned);
    expect(table.kind).toBe('captions');
    expect(table.doubts).toEqual(['1 of 3 images has no text by it, such as fern/b.jpg.']);
    expect(table.otherForms).toEqual([{ name: 'class-folders', format: 'a folder per class' }]);
    expect((await recognise(captioned, { form: 'class-folders' })).kind).toBe('classes');
  });

  it('one that trains on images for testing has much against it', async () => {
    const listing = await recognise({ 'tests/a.jpg': x, 'test/b.jpg': x, 'fern/c.jpg': x });
    expect(listing.doubts?.[0]).toMatch(
      /^1 image to train on lies in folders named for testing, such as test\/b\.jpg/,
    );
  });

  it('files without texts are no reason to refuse another, but are named', async () => {
    const boxes =
      '{"images": [{"id": 1, "file_name": "a.jpg"}], "annotations": [{"image_id": 1, "bbox": [1, 2, 3, 4]}]}';
    const listing = await recognise({ 'fern/a.jpg': x, 'moss/b.jpg': x, 'boxes.json': boxes });
    expect(listing.kind).toBe('classes');
    expect(listing.doubts?.[0]).toMatch(/^boxes\.json has COCO annotations but no captions/);
    await expect(recognise({ 'a.jpg': x, 'boxes.json': boxes })).rejects.toThrow(/no captions/);
  });
});
