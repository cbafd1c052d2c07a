import { describe, expect, it } from 'vitest';
import { pairingsOf, recognise } from './recognise';

const x = 'image';

describe('splits', () => {
  it('are told apart in folders of one name, whatever lies beside train and test', async () => {
    const signs = await recognise({
      'signs_train/signs_train/stop/1.jpg': x,
      'signs_train/signs_train/give_way/2.jpg': x,
      'signs_test/signs_test/stop/3.jpg': x,
      'signs_test/signs_test/give_way_test.jpg': x,
    });
    expect(pairingsOf(signs)).toEqual([
      'signs_test/signs_test/stop/3.jpg: stop (test)',
      'signs_train/signs_train/give_way/2.jpg: give way (train)',
      'signs_train/signs_train/stop/1.jpg: stop (train)',
    ]);
    const coins = await recognise({
      'coins/cent/1.jpg': x,
      'coins/penny/2.jpg': x,
      'coins-test-set/cent/3.jpg': x,
    });
    expect(pairingsOf(coins)).toEqual([
      'coins-test-set/cent/3.jpg: cent (test)',
      'coins/cent/1.jpg: cent (train)',
      'coins/penny/2.jpg: penny (train)',
    ]);
    const beside = await recognise({
      'Training/plum/1.jpg': x,
      'Test/plum/2.jpg': x,
      'test-several_fruits/plum_pear.jpg': x,
    });
    expect(pairingsOf(beside)).toEqual(['Test/plum/2.jpg: plum (test)', 'Training/plum/1.jpg: plum (train)']);
  });

  it('may lie in each class, beside masks', async () => {
    const listing = await recognise({
      'cup/train/1.png': x,
      'cup/test/2.png': x,
      'cup/ground_truth/2_mask.png': x,
      'jug/train/3.png': x,
      'jug/test/4.png': x,
    });
    expect(pairingsOf(listing)).toEqual([
      'cup/test/2.png: cup (test)',
      'cup/train/1.png: cup (train)',
      'jug/test/4.png: jug (test)',
      'jug/train/3.png: jug (train)',
    ]);
  });

  it("are keys of JSON, flags of a table, and 'train_val'", async () => {
    const files = { '1.jpg': x, '2.jpg': x, '3.jpg': x };
    const keys = await recognise({
      ...files,
      'all.json': JSON.stringify({
        train: [{ image: '1.jpg', report: 'nothing new in it' }],
        val: [{ image: '2.jpg', report: 'a small shadow' }],
        test: [{ image: '3.jpg', report: 'no shadow at all' }],
      }),
    });
    expect(keys.pairings.map(({ split }) => split)).toEqual(['train', 'val', 'test']);
    const flags = await recognise({
      ...files,
      'all.csv': 'name,labels,is_valid\n1.jpg,chair,False\n2.jpg,sofa,True\n3.jpg,chair,False\n',
    });
    expect(pairingsOf(flags)).toEqual(['1.jpg: chair (train)', '2.jpg: sofa (val)', '3.jpg: chair (train)']);
    const lists = await recognise({
      ...files,
      'all.csv': 'image,finding\n1.jpg,Mass\n2.jpg,Mass|Edema\n3.jpg,Edema\n',
      'train_val_list.txt': '1.jpg\n2.jpg\n',
      'test_list.txt': '3.jpg\n',
    });
    expect(pairingsOf(lists)).toEqual([
      '1.jpg: Mass (train)',
      '2.jpg: Mass | Edema (train)',
      '3.jpg: Edema (test)',
    ]);
    expect(lists.doubts).toContain('1 of 3 images are of several classes; each counts.');
  });

  it('of a file as CoOp writes them stand, of any data set', async () => {
    const listing = await recognise({
      'images/a1.jpg': x,
      'images/a2.jpg': x,
      'split_zhou_Mine.json': JSON.stringify({
        train: [['a1.jpg', 0, 'ant_hill']],
        test: [['a2.jpg', 0, 'ant_hill']],
      }),
    });
    expect(pairingsOf(listing)).toEqual([
      'images/a1.jpg: ant hill (train)',
      'images/a2.jpg: ant hill (test)',
    ]);
  });
});

describe('class names', () => {
  it('are those of the folders above, too, where inner names come again', async () => {
    const listing = await recognise({
      'a/abbey/1.jpg': x,
      'b/barn/indoor/2.jpg': x,
      'b/barn/outdoor/3.jpg': x,
      'c/church/outdoor/4.jpg': x,
    });
    expect(listing.pairings.flatMap(({ texts }) => texts)).toEqual([
      'abbey',
      'barn indoor',
      'barn outdoor',
      'church outdoor',
    ]);
    const copy = await recognise({
      'f/daisy/1.jpg': x,
      'f/rose/2.jpg': x,
      'f/f/daisy/3.jpg': x,
      'f/f/rose/4.jpg': x,
    });
    expect(new Set(copy.pairings.flatMap(({ texts }) => texts))).toEqual(new Set(['daisy', 'rose']));
  });

  it('lose WordNet numbers, and underscores wherever they stand', async () => {
    const dogs = await recognise({ 'n02085620-Toy_Poodle/1.jpg': x, 'n02085782-Japanese_spaniel/2.jpg': x });
    expect(pairingsOf(dogs)).toEqual([
      'n02085620-Toy_Poodle/1.jpg: Toy Poodle',
      'n02085782-Japanese_spaniel/2.jpg: Japanese spaniel',
    ]);
    const table = await recognise({
      'labels.csv': 'image,label\n1.jpg,sea_otter\n2.jpg,polar_bear\n',
      '1.jpg': x,
      '2.jpg': x,
    });
    expect(pairingsOf(table)).toEqual(['1.jpg: sea otter', '2.jpg: polar bear']);
  });

  it('of numbers in a file of names are no captions of images that are called by numbers', async () => {
    const listing = await recognise({
      '0.jpg': x,
      '1.jpg': x,
      '2.jpg': x,
      'train.csv': 'image_id,label\n0.jpg,0\n1.jpg,1\n2.jpg,0\n',
      'label_num_to_name.json': '{"0": "leaf blight", "1": "leaf rust"}',
    });
    expect(pairingsOf(listing)).toEqual(['0.jpg: leaf blight', '1.jpg: leaf rust', '2.jpg: leaf blight']);
  });

  it('that were looked for and not found count as nothing', async () => {
    const listing = await recognise({
      'train/1.jpg': x,
      'train/2.jpg': x,
      'labels.csv': 'ImageID,LabelName,Confidence\n1,/m/011k07,1\n1,/m/0199g,0\n2,/m/0199g,1\n',
      'class-descriptions.csv': '/m/011k07,Tortoise\n/m/0199g,Bicycle\n',
    });
    expect(pairingsOf(listing)).toEqual(['train/1.jpg: Tortoise (train)', 'train/2.jpg: Bicycle (train)']);
  });
});

describe('annotations in XML', () => {
  const voc = (...names: string[]) =>
    `<annotation><filename>else.jpg</filename>${names.map((name) => `<object><name>${name}</name><part><name>head</name></part></object>`).join('')}</annotation>`;

  it('as VOC has them: what is in an image, with the splits of its lists, and a doubt', async () => {
    const listing = await recognise({
      'VOC/JPEGImages/1.jpg': x,
      'VOC/JPEGImages/2.jpg': x,
      'VOC/JPEGImages/3.jpg': x,
      'VOC/Annotations/1.xml': voc('dog'),
      'VOC/Annotations/2.xml': voc('dog', 'cat', 'cat'),
      'VOC/Annotations/3.xml': voc('salt &amp; pepper'),
      'VOC/ImageSets/Main/train.txt': '1\n2\n',
      'VOC/ImageSets/Main/val.txt': '3\n',
      'VOC/ImageSets/Main/dog_train.txt': '1  1\n2 -1\n',
    });
    expect(pairingsOf(listing)).toEqual([
      'VOC/JPEGImages/1.jpg: dog (train)',
      'VOC/JPEGImages/2.jpg: dog | cat (train)',
      'VOC/JPEGImages/3.jpg: salt & pepper (val)',
    ]);
    expect(listing.doubts).toEqual([
      'The classes are those of things in the images, not of whole images.',
      '1 of 3 images are of several classes; each counts.',
    ]);
  });

  it("as CVAT has them: an image's tags, or else what is in it; other XML says nothing", async () => {
    const image = (name: string, inner: string) => `<image id="0" name="${name}">${inner}</image>`;
    const read = (inner: string) =>
      recognise({
        'images/1.jpg': x,
        'images/2.jpg': x,
        'annotations.xml': `<annotations><meta><labels><label><name>cat</name></label></labels></meta>${inner}</annotations>`,
        'pom.xml': '<project><name>other</name></project>',
        'broken.xml': '<annotation><obj',
      });
    const box = '<box label="eye" xtl="1"></box>';
    const tagged = await read(
      image('1.jpg', `<tag label="cat"></tag>${box}`) + image('2.jpg', '<tag label="dog"></tag>'),
    );
    expect(pairingsOf(tagged)).toEqual(['images/1.jpg: cat', 'images/2.jpg: dog']);
    const drawn = await read(image('1.jpg', box) + image('2.jpg', '<polygon label="nose"/>'));
    expect(pairingsOf(drawn)).toEqual(['images/1.jpg: eye', 'images/2.jpg: nose']);
  });
});

describe('captions', () => {
  const birds = ['1.jpg: a red bird', '2.jpg: a blue bird, flying'];
  it.each([
    ['commas', 'about.txt', '1.jpg,a red bird\n2.jpg,a blue bird, flying\n'],
    ['pipes', 'about.txt', '1.jpg|a red bird\n2.jpg|a blue bird, flying\n'],
    ['colons', 'about.txt', '1.jpg: a red bird\n2.jpg: a blue bird, flying\n'],
    ['a heading', 'about.txt', 'image,words\n1.jpg,a red bird\n2.jpg,a blue bird, flying\n'],
    [
      'objects by name',
      'parts.json',
      '{"1.jpg": {"p": "a red bird", "c": 7}, "2.jpg": {"p": "a blue bird, flying", "c": 7}}',
    ],
    [
      'objects that name images',
      'via.json',
      '{"1.jpg77": {"filename": "1.jpg", "file_attributes": {"caption": "a red bird"}}, "2.jpg78": {"filename": "2.jpg", "file_attributes": {"caption": "a blue bird, flying"}}}',
    ],
    [
      'JSON in cells',
      'via.csv',
      'filename,file_attributes\n1.jpg,"{""caption"":""a red bird""}"\n2.jpg,"{""caption"":""a blue bird, flying""}"\n',
    ],
    [
      'columns, as pandas writes them',
      'all.json',
      '{"file": {"0": "1.jpg", "1": "2.jpg"}, "caption": {"0": "a red bird", "1": "a blue bird, flying"}}',
    ],
    [
      'columns and data, as pandas writes them',
      'all.json',
      '{"columns": ["file", "caption"], "index": [0, 1], "data": [["1.jpg", "a red bird"], ["2.jpg", "a blue bird, flying"]]}',
    ],
    [
      'a manifest',
      'output.manifest',
      '{"source-ref": "s3://b/1.jpg", "caption": "a red bird"}\n{"source-ref": "s3://b/2.jpg", "caption": "a blue bird, flying"}\n',
    ],
  ])('behind %s', async (_, name, text) =>
    expect(pairingsOf(await recognise({ '1.jpg': x, '2.jpg': x, [name]: text }))).toEqual(birds),
  );

  it('by numbers without the zeros before them', async () => {
    const listing = await recognise({
      'images/000139.jpg': x,
      'images/000285.jpg': x,
      'captions.csv': 'image_id,caption\n139,a room with chairs\n285,a big brown bear\n',
    });
    expect(pairingsOf(listing)).toEqual([
      'images/000139.jpg: a room with chairs',
      'images/000285.jpg: a big brown bear',
    ]);
  });

  it('in JSON files beside the images by other names, and empty ones passed over', async () => {
    const listing = await recognise({
      'a.png': x,
      'b.png': x,
      'a.json': '{"caption": "", "prompt": "a red bird"}',
      'b.png.json': '{"title": "b.png", "description": "a blue bird"}',
    });
    expect(pairingsOf(listing)).toEqual(['a.png: a red bird', 'b.png: a blue bird']);
  });
});
