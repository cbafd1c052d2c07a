import { describe, expect, it } from 'vitest';
import type { Files } from '../sampleData';
import { pairingsOf, recognise, skipsOf } from './recognise';

const x = 'image';
const split = (train: unknown[], val: unknown[], test: unknown[]) => JSON.stringify({ train, val, test });
const zhou = (path: (name: string) => string) =>
  split([[path('a1'), 1, 'ant_hill']], [[path('a2'), 1, 'ant_hill']], [[path('z1'), 0, 'zebra']]);

/** Each set in miniature, as CoOp lays it out, in the same three images. */
const miniatures: [name: string, prompt: string, files: Files][] = [
  [
    'Caltech101',
    'a photo of a {}.',
    {
      'split_zhou_Caltech101.json': zhou((name) => `${name}/image_0001.jpg`),
      ...images((name) => `101_ObjectCategories/${name}/image_0001.jpg`),
    },
  ],
  [
    'OxfordPets',
    'a photo of a {}, a type of pet.',
    {
      'annotations/trimaps/a1.png': x,
      'split_zhou_OxfordPets.json': zhou((name) => `${name}.jpg`),
      ...images((name) => `images/${name}.jpg`),
    },
  ],
  [
    'StanfordCars',
    'a photo of a {}.',
    {
      'devkit/README.txt': 'x',
      'split_zhou_StanfordCars.json': zhou((name) => `cars_train/${name}.jpg`),
      ...images((name) => `cars_train/${name}.jpg`),
    },
  ],
  [
    'Flowers102',
    'a photo of a {}, a type of flower.',
    {
      'cat_to_name.json': '{"1": "zebra"}',
      'split_zhou_OxfordFlowers.json': zhou((name) => `${name}.jpg`),
      ...images((name) => `jpg/${name}.jpg`),
    },
  ],
  [
    'Food101',
    'a photo of {}, a type of food.',
    {
      'meta/train.json': '{"ant": ["ant/a1"]}',
      'split_zhou_Food101.json': zhou((name) => `ant/${name}.jpg`),
      ...images((name) => `images/ant/${name}.jpg`),
    },
  ],
  [
    'SUN397',
    'a photo of a {}.',
    {
      'ClassName.txt': '/a/abbey',
      'split_zhou_SUN397.json': zhou((name) => `/a/apartment/outdoor/${name}.jpg`),
      ...images((name) => `SUN397/a/apartment/outdoor/${name}.jpg`),
    },
  ],
  [
    'DTD',
    '{} texture.',
    {
      'labels/train1.txt': 'a/a1.jpg',
      'split_zhou_DescribableTextures.json': zhou((name) => `a/${name}.jpg`),
      ...images((name) => `images/a/${name}.jpg`),
    },
  ],
  [
    'EuroSAT',
    'a centered satellite photo of {}.',
    {
      'split_zhou_EuroSAT.json': zhou((name) => `Ant/${name}.jpg`),
      ...images((name) => `2750/Ant/${name}.jpg`),
    },
  ],
  [
    'UCF101',
    'a photo of a person doing {}.',
    {
      'split_zhou_UCF101.json': zhou((name) => `Ant/${name}.jpg`),
      ...images((name) => `UCF-101-midframes/Ant/${name}.jpg`),
    },
  ],
];

function images(path: (name: string) => string): Files {
  return Object.fromEntries(['a1', 'a2', 'z1'].map((name) => [path(name), x]));
}

function below(folder: string, files: Files): Files {
  return Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]));
}

describe.each(miniatures)('%s', (name, promptTemplate, files) => {
  it.each([
    ['given itself', files],
    ['in a folder', below('my data/set', files)],
  ])('is known, %s', async (_, given) => {
    const listing = await recognise(given);
    expect(listing).toMatchObject({ kind: 'classes', classes: ['zebra', 'ant hill'], promptTemplate });
    expect(listing.format).toMatch(new RegExp(`^${name} with split_zhou_`));
    const [a1, a2, z1] = Object.keys(given).filter((path) => /\/(a1|a2|z1)(\.jpg|\/)/.test(path));
    expect(pairingsOf(listing)).toEqual([
      `${a1}: ant hill (train)`,
      `${a2}: ant hill (val)`,
      `${z1}: zebra (test)`,
    ]);
    expect(listing.skipped).toEqual([]);
  });
});

describe('ImageNet', () => {
  const files = {
    'classnames.txt': 'n00000002 tench\nn00000001 missile\nn00000003 missile\n',
    'images/train/n00000001/n00000001_1.JPEG': x,
    'images/train/n00000009/n00000009_1.JPEG': x,
    'images/val/n00000002/ILSVRC2012_val_1.JPEG': x,
    'images/val/n00000003/ILSVRC2012_val_2.JPEG': x,
  };

  it('takes labels from classnames.txt, tests on val, and keeps classes of one name apart', async () => {
    const listing = await recognise(below('imagenet', files));
    expect(listing.classes).toEqual(['tench', 'missile', 'missile (n00000003)']);
    expect(pairingsOf(listing)).toEqual([
      'imagenet/images/train/n00000001/n00000001_1.JPEG: missile (train)',
      'imagenet/images/val/n00000002/ILSVRC2012_val_1.JPEG: tench (test)',
      'imagenet/images/val/n00000003/ILSVRC2012_val_2.JPEG: missile (n00000003) (test)',
    ]);
    expect(skipsOf(listing)).toEqual([
      'imagenet/images/train/n00000009/n00000009_1.JPEG: n00000009 of imagenet/classnames.txt has no text for it',
    ]);
  });
});

describe('FGVCAircraft', () => {
  it('reads its text files, class names with blanks and hyphens', async () => {
    const listing = await recognise({
      'fgvc_aircraft/variants.txt': 'DC-3 old\n707-320\n',
      'fgvc_aircraft/families.txt': 'DC\n',
      'fgvc_aircraft/images_variant_train.txt': '0034309 707-320\n0034310 DC-3 old\n',
      'fgvc_aircraft/images_variant_val.txt': '0034311 707-320\n',
      'fgvc_aircraft/images_variant_test.txt': '0034312 DC-3 old\n0034313 unknown\n',
      ...Object.fromEntries([0, 1, 2, 3].map((i) => [`fgvc_aircraft/images/003431${i}.jpg`, x])),
      'fgvc_aircraft/images/0034309.jpg': x,
    });
    expect(listing.classes).toEqual(['DC-3 old', '707-320']);
    expect(pairingsOf(listing).map((pairing) => pairing.replace('fgvc_aircraft/images/', ''))).toEqual([
      '0034309.jpg: 707-320 (train)',
      '0034310.jpg: DC-3 old (train)',
      '0034311.jpg: 707-320 (val)',
      '0034312.jpg: DC-3 old (test)',
    ]);
    expect(skipsOf(listing)).toEqual([
      'fgvc_aircraft/images/0034313.jpg: images_variant_test.txt, line 2 of fgvc_aircraft/variants.txt has no text for it',
    ]);
  });
});

describe('a research set that is not whole', () => {
  it('skips what is missing, unnamed or not understood, each once', async () => {
    const listing = await recognise({
      'split_zhou_EuroSAT.json': split(
        [['A/1.jpg', 2, 'River'], ['A/2.jpg', 2, 'River'], ['A/3.jpg']],
        [],
        [['A/4.jpg', 0, 'Lake']],
      ),
      '2750/A/1.jpg': x,
      '2750/A/4.jpg': x,
      '2750/A/5.jpg': x,
      'other/6.jpg': x,
    });
    expect(listing.classes).toEqual(['Lake', 'class 1', 'River']);
    expect(pairingsOf(listing)).toEqual(['2750/A/1.jpg: River (train)', '2750/A/4.jpg: Lake (test)']);
    expect(skipsOf(listing)).toEqual([
      '2750/A/2.jpg: train 2 of split_zhou_EuroSAT.json names it, but it is not there',
      'split_zhou_EuroSAT.json: train 3 names no image',
      '2750/A/5.jpg: split_zhou_EuroSAT.json has no text for it',
    ]);
  });

  it('says what is wrong with a split file, and names several sets', async () => {
    await expect(
      recognise({ 'split_zhou_DescribableTextures.json': '{"train": 1}', 'images/a.jpg': x }),
    ).rejects.toThrow(
      /^split_zhou_DescribableTextures\.json is no split file of CoOp .*: train and test are missing\.$/,
    );
    const several = Object.assign({}, ...miniatures.slice(0, 2).map(([name, , files]) => below(name, files)));
    await expect(recognise(several)).rejects.toThrow(
      'drop holds several research sets: Caltech101 in Caltech101/, OxfordPets in OxfordPets/. Give one of them.',
    );
  });
});
