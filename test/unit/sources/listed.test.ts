import { packTar } from 'modern-tar';
import { describe, expect, it } from 'vitest';
import { pairingsOf, recognise, skipsOf } from './recognise';

const x = 'image';

describe('COCO captions', () => {
  const coco = (images: unknown[], annotations: unknown[]) =>
    JSON.stringify({ info: {}, images, annotations });
  const image = (id: number) => ({ id, file_name: `00${id}.jpg`, width: 4 });

  it('pairs several captions an image, with splits by the names of the files', async () => {
    const listing = await recognise({
      'annotations/captions_train2017.json': coco(
        [image(1), image(2), image(3)],
        [
          { image_id: 2, caption: 'two' },
          { image_id: 1, caption: ' one ' },
          { image_id: 2, caption: 'zwei' },
          { image_id: 9 },
        ],
      ),
      'annotations/captions_val2017.json': coco([image(4), image(5)], [{ image_id: '4', caption: 'four' }]),
      'annotations/captions_test2017.json': coco([image(6)], [{ image_id: 6, caption: 'six' }]),
      'annotations/instances_train2017.json': 'not even read',
      'train2017/001.jpg': x,
      'train2017/002.jpg': x,
      'train2017/003.jpg': x,
      'val2017/004.jpg': x,
      'val2017/007.jpg': x,
    });
    expect(listing.format).toBe(
      'COCO captions with captions_test2017.json, captions_train2017.json, captions_val2017.json',
    );
    expect(pairingsOf(listing)).toEqual([
      'train2017/001.jpg: one (train)',
      'train2017/002.jpg: two | zwei (train)',
      'val2017/004.jpg: four (val)',
    ]);
    expect(skipsOf(listing)).toEqual([
      'annotations/captions_train2017.json: 1 of its annotations have no image_id and caption',
      'annotations/captions_test2017.json: none of its 1 images is there',
      'train2017/003.jpg: image 3 of annotations/captions_train2017.json has no text for it',
      '005.jpg: image 5 of annotations/captions_val2017.json names it, but it is not there',
      'val2017/007.jpg: annotations/captions_test2017.json, annotations/captions_train2017.json, annotations/captions_val2017.json has no text for it',
    ]);
  });

  it('says that boxes are no captions', async () => {
    const files = {
      'instances_val2017.json': coco([image(1)], [{ image_id: 1, bbox: [0, 0, 1, 1] }]),
      'val2017/001.jpg': x,
    };
    await expect(recognise(files)).rejects.toThrow(
      'instances_val2017.json has COCO annotations but no captions; captions_val2017.json would be right.',
    );
    const withTable = await recognise({ ...files, 'metadata.csv': 'file_name,text\nval2017/001.jpg,one\n' });
    expect(pairingsOf(withTable)).toEqual(['val2017/001.jpg: one (val)']);
  });

  it('loses only the file that is broken', async () => {
    const listing = await recognise({
      'captions_a.json': '{"images": [',
      'captions_b.json': coco([image(1), { id: 2 }], [{ image_id: 1, caption: 'one' }]),
      '001.jpg': x,
    });
    expect(pairingsOf(listing)).toEqual(['001.jpg: one']);
    expect(skipsOf(listing)).toEqual([
      expect.stringMatching(/^captions_a\.json: it can't be read: /),
      'captions_b.json: image 2 names no image',
    ]);
  });
});

describe('Flickr8k and Flickr30k', () => {
  const token = 'a.jpg#0\tone .\na.jpg#1\teins .\nb.jpg#0\ttwo .\nlost\nc.jpg#0\tthree .\n';
  const images = { 'Images/a.jpg': x, 'Images/b.jpg': x };

  it('reads the token file, and the lists of splits', async () => {
    const listing = await recognise({
      ...images,
      'text/Flickr8k.token.txt': token,
      'text/Flickr8k.lemma.txt': token,
      'text/Flickr_8k.trainImages.txt': 'b.jpg\n',
      'text/Flickr_8k.devImages.txt': 'a.jpg\n',
    });
    expect(listing.format).toBe('Flickr with Flickr8k.token.txt');
    expect(pairingsOf(listing)).toEqual([
      'Images/a.jpg: one . (val)',
      'Images/a.jpg: eins . (val)',
      'Images/b.jpg: two . (train)',
    ]);
    expect(skipsOf(listing)).toEqual([
      'text/Flickr8k.token.txt: line 4 is not like NAME.jpg#0, a tab and a caption',
      'c.jpg: line 5 of text/Flickr8k.token.txt names it, but it is not there',
    ]);
    const flickr30k = await recognise({ ...images, 'results_20130124.token': token });
    expect(flickr30k.pairings).toHaveLength(3);
  });

  it('reads the tables in which they are passed on', async () => {
    const captions = await recognise({
      ...images,
      'captions.txt': 'image,caption\na.jpg,"one , two"\nb.jpg,two\n',
    });
    expect(captions.format).toBe('table captions.txt (image: image, caption: caption)');
    expect(pairingsOf(captions)).toEqual(['Images/a.jpg: one , two', 'Images/b.jpg: two']);
    const results = await recognise({
      ...images,
      'results.csv': 'image_name| comment_number| comment\na.jpg| 0| one, two .\nb.jpg| 4   two .\n',
      'train.txt': 'a\n',
    });
    expect(pairingsOf(results)).toEqual(['Images/a.jpg: one, two . (train)']);
    expect(skipsOf(results)[0]).toBe('results.csv: row 3: it has only 2 of 3 cells');
  });
});

describe('tables', () => {
  const images = { 'a.png': x, 'b.png': x };

  it('takes the columns that a person chose, and says which there are', async () => {
    const files = {
      ...images,
      'metadata.csv': 'file_name,text,kind,part\na.png,one,owl,test\nb.png,two,owl,train\n',
    };
    const listing = await recognise(files);
    expect(listing).toMatchObject({
      kind: 'captions',
      why: 'metadata.csv names the images in its column file_name.',
    });
    const columns = { image: 'file_name', text: 'kind', kind: 'classes', split: 'part' } as const;
    const chosen = await recognise(files, { columns });
    expect(chosen.kind).toBe('classes');
    expect(pairingsOf(chosen)).toEqual(['a.png: owl (test)', 'b.png: owl (train)']);
    expect(chosen.tables).toEqual([
      {
        path: 'metadata.csv',
        columns: ['file_name', 'text', 'kind', 'part'],
        chosen: columns,
        rows: [
          ['a.png', 'one', 'owl', 'test'],
          ['b.png', 'two', 'owl', 'train'],
        ],
      },
    ]);
    await expect(recognise(files, { columns: { ...columns, text: 'class' } })).rejects.toThrow(
      'metadata.csv has no column “class”; it has file_name, text, kind, part.',
    );
  });

  it('reads lists of objects in JSON, and conversations', async () => {
    const listing = await recognise({
      ...images,
      'data.json': JSON.stringify([
        { image: 'a.png', caption: 'one' },
        7,
        { image: 'b.png', caption: ['two', 'zwei'] },
      ]),
      'package.json': '{"name": "x"}',
    });
    expect(pairingsOf(listing)).toEqual(['a.png: one', 'b.png: two | zwei']);
    expect(skipsOf(listing)).toEqual([
      'data.json: entry 2 of data.json is no JSON object: a row looks like {"file_name": …, "text": …}',
    ]);
    const turns = [
      { from: 'human', value: '<image>\nWhat is it?' },
      { from: 'gpt', value: 'An owl.' },
    ];
    const llava = await recognise({
      ...images,
      'chat.json': JSON.stringify([{ id: '1', image: 'a.png', conversations: turns }]),
    });
    expect(pairingsOf(llava)).toEqual(['a.png: An owl.']);
  });
});

describe('WebDataset', () => {
  const shard = (entries: [name: string, body: string][]) =>
    packTar(
      entries.map(([name, body]) => ({ header: { name, size: body.length, type: 'file' as const }, body })),
    );

  it('adds shards up, with splits by their names and dotted keys', async () => {
    const listing = await recognise({
      'cc-train-000000.tar': await shard([
        ['0001.jpg', x],
        ['0001.txt', 'one'],
        ['0001.json', '{"width": 3}'],
        ['0002.image.png', x],
        ['0002.caption', 'two'],
      ]),
      'cc-train-000001.tar': await shard([
        ['0001.jpg', x],
        ['0001.json', '{"caption": "three"}'],
      ]),
      'cc-val-000000.tar': await shard([
        ['0001.jpg', x],
        ['0001.txt', 'four'],
      ]),
      'cc-train-000000_stats.json': '{"count": 3}',
    });
    expect(listing.format).toMatch(/^WebDataset: images with /);
    expect(listing.why).toBe('4 of 4 images have a file of their name beside them.');
    expect(pairingsOf(listing)).toEqual([
      'cc-train-000000/0001.jpg: one (train)',
      'cc-train-000000/0002.image.png: two (train)',
      'cc-train-000001/0001.jpg: three (train)',
      'cc-val-000000/0001.jpg: four (val)',
    ]);
    expect(listing.skipped).toEqual([]);
  });

  it('takes classes from .cls', async () => {
    const listing = await recognise({
      '000000.tar': await shard([
        ['1.jpg', x],
        ['1.cls', '7'],
      ]),
      '000001.tar': await shard([
        ['2.jpg', x],
        ['2.cls', '3'],
      ]),
    });
    expect(listing.kind).toBe('classes');
    expect(pairingsOf(listing)).toEqual(['000000/1.jpg: class 7', '000001/2.jpg: class 3']);
  });
});

describe('images alone', () => {
  it('are unlabelled where class names are typed, and nothing else', async () => {
    const files = { 'images/a.png': x, 'b.png': x };
    await expect(recognise(files)).rejects.toThrow('no form knows them');
    const listing = await recognise(files, { classes: ['dog', 'cat'] });
    expect(listing).toMatchObject({ kind: 'classes', classes: ['dog', 'cat'] });
    expect(pairingsOf(listing)).toEqual(['b.png: ', 'images/a.png: ']);
  });

  it('have classes in folders of which two are called photos and drawings', async () => {
    const listing = await recognise({ 'photos/a.png': x, 'drawings/b.png': x });
    expect(pairingsOf(listing)).toEqual(['drawings/b.png: drawings', 'photos/a.png: photos']);
  });
});
