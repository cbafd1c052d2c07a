import { expect, it } from 'vitest';
import type { Files } from '../sampleData';
import { pairingsOf, recognise, skipsOf } from './recognise';

const x = 'image';
const json = JSON.stringify;

/** What tools export and data sets are published as, with what is to be read in them. */
it.each<[string, Files, string[]]>([
  [
    'the index that pandas writes into a column without a name is no split',
    { 'a.jpg': x, 'b.jpg': x, 'all.csv': ',image,caption\n0,a.jpg,a calm sea\n1,b.jpg,a wild sea\n' },
    ['a.jpg: a calm sea', 'b.jpg: a wild sea'],
  ],
  [
    'whole numbers that pandas writes with a nought behind the point are names of images',
    { 'p/1.jpg': x, 'p/12.jpg': x, 'all.csv': 'id,caption\n1.0,a calm sea\n12.0,a wild sea\n' },
    ['p/1.jpg: a calm sea', 'p/12.jpg: a wild sea'],
  ],
  [
    'of captions in several languages the English ones are taken',
    { 'a.jpg': x, 'all.csv': 'image,caption_en,caption_de\na.jpg,a calm sea,eine ruhige See im Sommer\n' },
    ['a.jpg: a calm sea'],
  ],
  [
    'tables of places in the images say nothing beside those of classes',
    {
      ...Object.fromEntries([1, 2, 3, 4].map((i) => [`00${i}.jpg`, x])),
      'attributes.csv': 'image,green,tall\n001.jpg,1,-1\n002.jpg,1,1\n003.jpg,-1,1\n004.jpg,1,-1\n',
      'landmarks.csv': 'image,eye\n001.jpg,69\n002.jpg,69\n003.jpg,72\n004.jpg,72\n',
    },
    ['001.jpg: green', '002.jpg: green | tall', '003.jpg: tall', '004.jpg: green'],
  ],
  [
    'a list of class names by number names no images that are called by numbers',
    {
      ...Object.fromEntries([1, 2, 3].map((i) => [`p/${i}.jpg`, x])),
      'train.txt': 'p/1.jpg\t0\np/2.jpg\t1\n',
      'val.txt': 'p/3.jpg\t0\n',
      'label_list.txt': '0 fern\n1 moss\n',
    },
    ['p/1.jpg: fern (train)', 'p/2.jpg: moss (train)', 'p/3.jpg: fern (val)'],
  ],
  [
    'class numbers are lines of WordNet codes with names, and places have paths for names',
    {
      'p/a.jpg': x,
      'p/b.jpg': x,
      'val.txt': 'a.jpg 1\nb.jpg 0\n',
      'synset_words.txt': 'n00000001 tench\nn00000002 sea_otter\n',
    },
    ['p/a.jpg: sea otter (val)', 'p/b.jpg: tench (val)'],
  ],
  [
    'places have paths for names',
    {
      'p/a.jpg': x,
      'p/b.jpg': x,
      'val.txt': 'a.jpg 1\nb.jpg 0\n',
      'categories.txt': '/a/abbey 0\n/c/church/outdoor 1\n',
    },
    ['p/a.jpg: church outdoor (val)', 'p/b.jpg: abbey (val)'],
  ],
  [
    'a list of class names may begin with how many there are, and one of splits has them behind the names',
    {
      ...Object.fromEntries([1, 2, 3].map((i) => [`img/${i}.jpg`, x])),
      'list_category_img.txt': '3\nimage_name  category_label\nimg/1.jpg  2\nimg/2.jpg  1\nimg/3.jpg  2\n',
      'list_category.txt': '2\ncategory_name  category_type\nBlouse  1\nTee  1\n',
      'list_eval_partition.txt': '3\nimage_name  status\nimg/1.jpg  train\nimg/2.jpg  test\nimg/3.jpg  val\n',
    },
    ['img/1.jpg: Tee (train)', 'img/2.jpg: Blouse (test)', 'img/3.jpg: Tee (val)'],
  ],
  [
    'JSON has images in lists by their classes, a file a split',
    {
      'p/fern/1.jpg': x,
      'p/moss/2.jpg': x,
      'p/moss/3.jpg': x,
      'train.json': json({ fern: ['fern/1'], moss: ['moss/2'] }),
      'test.json': json({ fern: [], moss: ['moss/3'] }),
    },
    ['p/moss/3.jpg: moss (test)', 'p/fern/1.jpg: fern (train)', 'p/moss/2.jpg: moss (train)'],
  ],
  [
    'JSON has a list a column, with addresses',
    {
      'p/1.jpg': x,
      'p/2.jpg': x,
      'all.json': json({
        urls: ['http://a.example/1.jpg', 'http://a.example/2.jpg'],
        captions: ['a sea', 'a lake'],
      }),
    },
    ['p/1.jpg: a sea', 'p/2.jpg: a lake'],
  ],
  [
    'JSON has objects in lists by their classes, with numbered captions',
    {
      'p/1.jpg': x,
      'p/2.jpg': x,
      'all.json': json({
        sea: [{ filename: '1.jpg', split: 'train', raw: 'a calm sea', raw_1: 'blue water' }],
        lake: [{ filename: '2.jpg', split: 'test', raw: 'a lake', raw_1: 'still water' }],
      }),
    },
    ['p/1.jpg: a calm sea | blue water (train)', 'p/2.jpg: a lake | still water (test)'],
  ],
  [
    'lines have the language and the number of a caption behind the name',
    { 'p/1.jpg': x, 'captions.zh.txt': '1#zhm#0\t平静的大海\n1#zhm#1\t蓝色的水\n' },
    ['p/1.jpg: 平静的大海', 'p/1.jpg: 蓝色的水'],
  ],
  [
    'a question has its picture within its text',
    {
      'p/1.jpg': x,
      'chat.json': json([
        {
          conversations: [
            { from: 'user', value: 'Picture 1: <img>p/1.jpg</img>\nWhat is it?' },
            { from: 'assistant', value: 'A calm sea.' },
          ],
        },
      ]),
    },
    ['p/1.jpg: A calm sea.'],
  ],
  [
    'images of which some lie in a folder for training, and none in one for testing, are all for training',
    {
      'coco/train2017/1.jpg': x,
      'gqa/2.jpg': x,
      'all.json': json([
        { image: 'coco/train2017/1.jpg', caption: 'a calm sea' },
        { image: 'gqa/2.jpg', caption: 'a wild sea' },
      ]),
    },
    ['coco/train2017/1.jpg: a calm sea', 'gqa/2.jpg: a wild sea'],
  ],
  [
    'JSON beside an image calls its caption as tables do, in capitals too',
    {
      '1.jpg': x,
      '1.json': json({ URL: 'http://a.example/1.jpg', TEXT: 'a calm sea', similarity: 0.3 }),
      '2.jpg': x,
      '2.jpg.json': json({ title: 'a wild sea', description: '' }),
    },
    ['1.jpg: a calm sea', '2.jpg: a wild sea'],
  ],
  [
    "XMP beside an image has a description, or else keywords, Lightroom's and Apple's",
    {
      '1.jpg': x,
      '1.xmp': xmp('<dc:title><rdf:Alt><rdf:li>Sea</rdf:li></rdf:Alt></dc:title>', 'a calm sea &amp; a boat'),
      '2.jpg': x,
      '2.jpg.xmp': xmp(
        '<dc:subject><rdf:Bag><rdf:li>sea</rdf:li>\n<rdf:li>storm</rdf:li></rdf:Bag></dc:subject>',
      ),
    },
    ['1.jpg: a calm sea & a boat', '2.jpg: sea, storm'],
  ],
  [
    'LabelMe has flags of the whole image, Supervisely tags',
    {
      '1.jpg': x,
      '1.json': json({ imagePath: '..\\1.jpg', flags: { sea: true, lake: false }, shapes: [] }),
      '2.jpg': x,
      '2.jpg.json': json({ tags: [{ name: 'lake' }], objects: [{ classTitle: 'boat' }] }),
    },
    ['1.jpg: sea', '2.jpg: lake'],
  ],
])('%s', async (_, files, expected) => {
  expect(pairingsOf(await recognise(files))).toEqual(expected);
});

function xmp(fields: string, description?: string): string {
  const text = description
    ? `<dc:description><rdf:Alt><rdf:li xml:lang="x-default">${description}</rdf:li></rdf:Alt></dc:description>`
    : '';
  return `<x:xmpmeta><rdf:RDF><rdf:Description>${fields}${text}</rdf:Description></rdf:RDF></x:xmpmeta>`;
}

it('says which images a name could mean, and which table names none', async () => {
  const listing = await recognise({
    'a/1.jpg': x,
    'b/1.jpg': x,
    'b/2.jpg': x,
    'here.csv': 'image,caption\n1.jpg,a calm sea\n2.jpg,a wild sea\n',
    'elsewhere.csv': 'image,caption\n8.jpg,a lake\n9.jpg,a pond\n',
  });
  expect(pairingsOf(listing)).toEqual(['b/2.jpg: a wild sea']);
  expect(skipsOf(listing)).toEqual([
    '1.jpg: row 2 of here.csv names it, but a/1.jpg and b/1.jpg are both called so',
    'a/1.jpg: here.csv has no text for it',
    'b/1.jpg: here.csv has no text for it',
    'elsewhere.csv: none of the images that it names is there',
  ]);
});

it("what is drawn in LabelMe's images is taken with a doubt, and other JSON is passed over", async () => {
  const listing = await recognise({
    '1.jpg': x,
    '2.jpg': x,
    '1.json': json({ imagePath: '1.jpg', shapes: [{ label: 'boat', points: [[1, 2]] }] }),
    '2.json': json({ imagePath: '2.jpg', shapes: [{ label: 'gull' }, { label: 'gull' }] }),
    'settings.json': json({ version: 5 }),
  });
  expect(listing.format).toBe('JSON with boxes in the images');
  expect(pairingsOf(listing)).toEqual(['1.jpg: boat', '2.jpg: gull']);
  expect(listing.doubts?.join()).toContain('not of whole images');
  expect(skipsOf(listing)).toEqual([
    'settings.json: it has no annotations as LabelMe or Supervisely writes them',
  ]);
});
