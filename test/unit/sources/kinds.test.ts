import { describe, expect, it } from 'vitest';
import { decodeNames } from '../../../src/data/archives/names';
import { pairingsOf, recognise, skipsOf } from './recognise';

const x = 'image';

it('readable names of classes are said, and left as written where a person wants them so', async () => {
  const files = {
    'n01440764/1.jpg': x,
    'n01443537/2.jpg': x,
    'LOC_synset_mapping.txt': 'n01440764 tench\nn01443537 goldfish',
  };
  const named = await recognise(files);
  expect(pairingsOf(named)).toEqual(['n01440764/1.jpg: tench', 'n01443537/2.jpg: goldfish']);
  expect(named.renamed).toEqual({ from: 'n01440764', to: 'tench' });
  const written = await recognise(files, { namesAsWritten: true });
  expect(pairingsOf(written)).toEqual(['n01440764/1.jpg: n01440764', 'n01443537/2.jpg: n01443537']);
  expect(written.renamed).toBeUndefined();
  const numbered = { '001.Black_tern/1.jpg': x, '002.Elegant_tern/2.jpg': x };
  const terns = await recognise(numbered);
  expect(terns.why).toMatch(/Classes have readable names: 001\.Black_tern is Black tern\.$/);
  expect(terns.renamed).toEqual({ from: '001.Black_tern', to: 'Black tern' });
  const codes = await recognise(numbered, { namesAsWritten: true });
  expect(pairingsOf(codes)).toEqual([
    '001.Black_tern/1.jpg: 001.Black_tern',
    '002.Elegant_tern/2.jpg: 002.Elegant_tern',
  ]);
  const plain = await recognise({ 'sea_otter/1.jpg': x, 'grey-owl/2.jpg': x });
  expect(plain.renamed).toBeUndefined();
});

it('classes that stay codes are doubted, with what would name them', async () => {
  const codes = await recognise({ 'n01440764/1.jpg': x, 'n01443537/2.jpg': x });
  expect(codes.doubts?.[0]).toMatch(
    /such as “n01440764”; a file classnames\.txt beside them, with a line “CODE NAME” for each/,
  );
});

describe('tables', () => {
  it('are named in sentences of bounded length, whatever they hold', async () => {
    const columns = Array.from({ length: 5000 }, (_, i) => `c${i}`);
    await expect(
      recognise({ '1.jpg': x, 'metadata.csv': `${columns.join(',')}\n${columns.join(',')}` }),
    ).rejects.toThrow(/^metadata\.csv has the columns c0, c1, .*, c19 and 4980 more; it needs file_name/);
    const { doubts } = await recognise({
      '1.jpg': x,
      '2.jpg': x,
      '1.txt': 'so '.repeat(9000),
      '2.txt': 'so '.repeat(9000),
    });
    expect(doubts?.[0]).toMatch(/^All captions are the same, “so so [so ]{70,80}…”\.$/);
  });

  it('have one column of true and false as what it says and what it does not', async () => {
    const flags = await recognise({
      '1.jpg': x,
      '2.jpg': x,
      '3.jpg': x,
      'a.csv': 'file,is_striped\n1.jpg,True\n2.jpg,False\n3.jpg,True',
    });
    expect(pairingsOf(flags)).toEqual(['1.jpg: striped', '2.jpg: not striped', '3.jpg: striped']);
    expect(flags.doubts).toEqual(['Its classes are nothing but “striped” and “not striped”.']);
  });

  it('take their split from their names where these tell several, or from a column of any name', async () => {
    const byName = await recognise({
      'my_training.csv': 'image,caption\n1.jpg,a calm sea\n',
      'my_eval.csv': 'image,caption\n2.jpg,a wild sea\n',
      '1.jpg': x,
      '2.jpg': x,
    });
    expect(pairingsOf(byName)).toEqual(['2.jpg: a wild sea (test)', '1.jpg: a calm sea (train)']);
    const byColumn = await recognise({
      'all.csv': 'image,caption,phase\n1.jpg,a calm sea,Train\n2.jpg,a wild sea,Valid\n',
      '1.jpg': x,
      '2.jpg': x,
    });
    expect(pairingsOf(byColumn)).toEqual(['1.jpg: a calm sea (train)', '2.jpg: a wild sea (val)']);
  });

  it('name classes by few repeated words, and never by ids, codes or addresses', async () => {
    const listing = await recognise({
      'leaves.csv':
        'case,photo,finding,source\nK_001,1,rust,https://a.org/1\nK_002,2,mould,https://a.org/2\n' +
        'K_003,3,rust,https://a.org/3\nK_004,4,mould,https://a.org/4\n',
      'p/1.jpg': x,
      'p/2.jpg': x,
      'p/3.jpg': x,
      'p/4.jpg': x,
    });
    expect(listing.kind).toBe('classes');
    expect(pairingsOf(listing)).toEqual([
      'p/1.jpg: rust',
      'p/2.jpg: mould',
      'p/3.jpg: rust',
      'p/4.jpg: mould',
    ]);
  });

  it('take no nan for a caption, lists for several, and what competitions want filled in for nothing', async () => {
    const listing = await recognise({
      'captions.csv': 'image,caption\n1.jpg,nan\n2.jpg,"[""a hill"", ""green""]"\n3.jpg,one, two\n',
      'sample_submission.csv': 'image,caption\n1.jpg,fill in\n',
      '1.jpg': x,
      '2.jpg': x,
      '3.jpg': x,
    });
    expect(pairingsOf(listing)).toEqual(['2.jpg: a hill | green', '3.jpg: one, two']);
  });
});

describe('JSON', () => {
  it.each([
    ['captions by name', '{"1.jpg": ["a calm sea"], "2.jpg": "a wild sea"}'],
    [
      'settings by path',
      '{"/my/pc/1.jpg": {"caption": "a calm sea"}, "/my/pc/2.jpg": {"caption": "a wild sea"}}',
    ],
    [
      'an object a line',
      '{"image": "1.jpg", "caption": "a calm sea"}\n{"image": "2.jpg", "caption": "a wild sea"}',
    ],
    [
      "Karpathy's list",
      '{"images": [{"filename": "1.jpg", "split": "restval", "sentences": [{"raw": "a calm sea"}]}, ' +
        '{"filename": "2.jpg", "split": "restval", "sentences": [{"raw": "a wild sea"}]}]}',
    ],
    [
      'messages',
      '[{"images": ["1.jpg"], "messages": [{"role": "user", "content": "?"}, {"role": "assistant", "content": "a calm sea"}]}, ' +
        '{"images": ["2.jpg"], "messages": [{"role": "assistant", "content": "a wild sea"}]}]',
    ],
  ])('is read as %s', async (_, json) => {
    const { pairings } = await recognise({ 'all.json': json, 'p/1.jpg': x, 'p/2.jpg': x });
    expect(pairings.map(({ path, texts }) => [path, ...texts])).toEqual([
      ['p/1.jpg', 'a calm sea'],
      ['p/2.jpg', 'a wild sea'],
    ]);
  });
});

it('takes boxes for no captions, and says so', async () => {
  const files = {
    'a/1.jpg': x,
    'a/1.txt': '0 0.5 0.5 0.2 0.2',
    'a/2.jpg': x,
    'a/2.txt': '3 0.1 0.5 0.2 0.2',
  };
  await expect(recognise(files)).rejects.toThrow(/hold boxes, as YOLO/);
});

it('takes a file of bytes for no caption, whatever it is called', async () => {
  const listing = await recognise({
    '1.jpg': x,
    '1.txt': 'a calm sea',
    '2.jpg': x,
    '2.txt': `RIFF${'\u0001\u0010'.repeat(20)}`,
  });
  expect(pairingsOf(listing)).toEqual(['1.jpg: a calm sea']);
  expect(skipsOf(listing)).toEqual(["2.jpg: 2.txt can't be used: it holds no text"]);
});

describe('class folders', () => {
  it('have the splits of a list of numbered images', async () => {
    const listing = await recognise({
      'birds/images/001.Grey_jay/a.jpg': x,
      'birds/images/002.Rook/b.jpg': x,
      'birds/images.txt': '1 001.Grey_jay/a.jpg\n2 002.Rook/b.jpg\n',
      'birds/train_test_split.txt': '1 0\n2 1\n',
    });
    expect(pairingsOf(listing)).toEqual([
      'birds/images/001.Grey_jay/a.jpg: Grey jay (test)',
      'birds/images/002.Rook/b.jpg: Rook (train)',
    ]);
  });

  it('may leave some images to a file of annotations, and those it does not name are no class', async () => {
    const listing = await recognise({
      'train/n01/images/a.jpg': x,
      'train/n02/images/b.jpg': x,
      'val/images/c.jpg': x,
      'val/val_annotations.txt': 'c.jpg\tn02\t0\t0\t9\t9\n',
      'test/images/d.jpg': x,
    });
    expect(pairingsOf(listing)).toEqual([
      'train/n01/images/a.jpg: n01 (train)',
      'train/n02/images/b.jpg: n02 (train)',
      'val/images/c.jpg: n02 (val)',
    ]);
    expect(skipsOf(listing)).toEqual(['test/images/d.jpg: it lies in no class folder']);
  });
});

describe('names in zips of other systems', () => {
  it.each([
    ['UTF-8', [0xc3, 0xa4], 'ä'],
    ['GBK', [0xc3, 0xa8, 0x2f, 0xb9, 0xb7], '猫/狗'],
    ['Shift-JIS', [0x82, 0xcb, 0x82, 0xb1], 'ねこ'],
    ['CP850', [0x42, 0x84, 0x72], 'Bär'],
  ])('are read from %s', (_, bytes, name) => expect(decodeNames([Uint8Array.from(bytes)])).toEqual([name]));

  it('are read together, for one alone may be UTF-8 by chance', () => {
    const gbk = [[0xc3, 0xa8], [0x61], [0xb9, 0xb7]].map((bytes) => Uint8Array.from(bytes));
    expect(decodeNames(gbk)).toEqual(['猫', 'a', '狗']);
    const utf8 = [
      [0xc3, 0xa4],
      [0x42, 0x84, 0x72],
    ].map((bytes) => Uint8Array.from(bytes));
    expect(decodeNames(utf8)).toEqual(['ä', 'Bär']);
  });
});
