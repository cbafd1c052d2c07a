import { describe, expect, it } from 'vitest';
import { withPromptTemplate } from '../../src/data/promptTemplate';
import { importFiles, pairsOf, png } from './sampleData';

const image = await png();

describe('ImageFolder', () => {
  it('reads metadata.csv in its own order, with texts in order of first appearance', async () => {
    const metadata = 'file_name,text\nb.png,a dog\na.png,"a cat, asleep"\nc.png,a dog\n';
    const dataset = await importFiles({
      'a.png': image,
      'b.png': image,
      'c.png': image,
      'metadata.csv': metadata,
    });
    expect(dataset.format).toBe('ImageFolder with metadata.csv');
    expect(dataset.texts).toEqual(['a dog', 'a cat, asleep']);
    expect(dataset.images.map(({ path, texts }) => [path, texts])).toEqual([
      ['b.png', [0]],
      ['a.png', [1]],
      ['c.png', [0]],
    ]);
    expect(dataset.classes).toEqual([]);
    expect(dataset.skipped).toEqual([]);
  });

  it('makes two captions of two rows, splits of folders, and takes images from a shared table too', async () => {
    const dataset = await importFiles({
      'mine/train/1.png': image,
      'mine/valid/2.png': image,
      'mine/test/3.png': image,
      'mine/metadata.jsonl':
        '{"file_name": "train/1.png", "text": "one"}\n{"file_name": "train/1.png", "text": "eins"}\n' +
        '{"file_name": "valid/2.png", "text": ["two", "zwei"]}\n{"file_name": "test/3.png", "text": "three"}\n',
    });
    expect(pairsOf(dataset)).toEqual([
      ['mine/train/1.png', ['one', 'eins']],
      ['mine/valid/2.png', ['two', 'zwei']],
      ['mine/test/3.png', ['three']],
    ]);
    expect(dataset.images.map(({ split }) => split)).toEqual(['train', 'val', 'test']);
  });

  it('reads a table in each split, and labels as classes', async () => {
    const dataset = await importFiles({
      'train/1.png': image,
      'train/2.png': image,
      'train/metadata.csv': 'file_name,label\n1.png,10\n2.png,9\n',
      'test/1.png': image,
      'test/metadata.csv': 'file_name,label\n1.png,9\n',
    });
    expect(dataset.classes).toEqual(['class 9', 'class 10']);
    expect(dataset.texts).toEqual(['a photo of a class 9.', 'a photo of a class 10.']);
    expect(dataset.images.map(({ path, split }) => [path, split])).toEqual([
      ['test/1.png', 'test'],
      ['train/1.png', 'train'],
      ['train/2.png', 'train'],
    ]);
  });

  it('skips single rows and images with their reasons and loses nothing else', async () => {
    const rows = [
      'file_name,text',
      'good.png,fine',
      'gone.png,not there',
      'good2.png,one, too many',
      'good2.png',
      'good2.png,',
      'broken.png,half a file',
      'text.png,no image',
      '../outside.png,elsewhere',
      'good2.png,fine too',
    ];
    const dataset = await importFiles({
      'good.png': image,
      'good2.png': image,
      'broken.png': image.slice(0, image.length - 20),
      'text.png': 'I am a text',
      'unnamed.png': image,
      '.hidden.png': image,
      '__MACOSX/._good.png': 'x',
      'Thumbs.db': 'x',
      'metadata.csv': rows.join('\r\n'),
    });
    expect(pairsOf(dataset)).toEqual([
      ['good.png', ['fine']],
      ['good2.png', ['one, too many', 'fine too']],
    ]);
    expect(dataset.skipped.map(({ file, reason }) => `${file}: ${reason}`)).toEqual([
      'metadata.csv: row 5: it has only 1 of 2 cells',
      'gone.png: row 3 of metadata.csv names it, but it is not there',
      'good2.png: row 6 of metadata.csv has no text for it',
      '../outside.png: row 9 of metadata.csv names it, but it is not there',
      'unnamed.png: metadata.csv has no text for it',
      expect.stringMatching(/^broken\.png: the image is damaged/),
      'text.png: not an image, or of a kind that cannot be decoded here',
    ]);
  });

  it('loses one line to a quotation mark that is never closed', async () => {
    const metadata = 'file_name,text\na.png,"one"\nb.png,"two\nc.png,three\n';
    const dataset = await importFiles({
      'a.png': image,
      'b.png': image,
      'c.png': image,
      'metadata.csv': metadata,
    });
    expect(dataset.texts).toEqual(['one', 'three']);
    expect(dataset.skipped[0]).toEqual({ file: 'metadata.csv', reason: 'row 3: quoted field unterminated' });
  });

  it('says which line of a JSONL is broken', async () => {
    const metadata = '{"file_name": "a.png", "text": "fine"}\n{"file_name": "b.png", "te\n["b.png"]\n';
    const dataset = await importFiles({ 'a.png': image, 'metadata.jsonl': metadata });
    expect(dataset.images).toHaveLength(1);
    expect(dataset.skipped[0].reason).toMatch(/^line 2 of metadata\.jsonl is no JSON object: /);
    expect(dataset.skipped[1].reason).toMatch(
      /^line 3 of metadata\.jsonl is no JSON object: a row looks like/,
    );
  });

  it('keeps every script, byte order marks aside', async () => {
    const captions = ['قطة نائمة', '😺👩‍👩‍👧 emoji', 'naïve “café”', 'x'.repeat(100_000), '猫\n二行'];
    const rows = captions.map((text, i) => `${i}.png,"${text}"`);
    const images = Object.fromEntries(captions.map((_, i) => [`${i}.png`, image]));
    const csv = `file_name,text\n${rows.join('\n')}`;
    const utf8 = await importFiles({ ...images, 'metadata.csv': `\ufeff${csv}` });
    expect(utf8.texts).toEqual(captions);
    const utf16 = new Uint8Array(Buffer.from(`\ufeff${csv}`, 'utf16le'));
    expect((await importFiles({ ...images, 'metadata.csv': utf16 })).texts).toEqual(captions);
    const windows = new Uint8Array(Buffer.from('file_name;text\n0.png;caf\xe9, gro\xdf\n', 'latin1'));
    expect((await importFiles({ '0.png': image, 'metadata.csv': windows })).texts).toEqual(['café, groß']);
  });

  it('says which columns a table lacks', async () => {
    await expect(
      importFiles({ 'a.png': image, 'metadata.csv': 'file_name,width\na.png,4\n' }),
    ).rejects.toThrow(
      'metadata.csv has the columns file_name, width; it needs file_name and one of text, caption, label.',
    );
  });
});

describe('a table of any columns', () => {
  it('guesses columns by what is in them, and finds images in other folders and without extension', async () => {
    const dataset = await importFiles({
      'pictures/cafe\u0301.png': image,
      'pictures/00012.png': image,
      'captions.tsv':
        'nummer\tbild\tbeschreibung\n1\tcaf\u00e9.png\tein Café\n2\t00012\tzwölf\n3\thttps://x.y/z.png\tfern\n',
    });
    expect(dataset.format).toBe('table captions.tsv (image: bild, caption: beschreibung)');
    expect(dataset.texts).toEqual(['ein Café', 'zwölf']);
    expect(dataset.skipped).toHaveLength(1);
  });

  it('does without a header, and reads a split column', async () => {
    const dataset = await importFiles({ 'a.png': image, 'b.png': image, 't.csv': 'a.png,one\nb.png,two\n' });
    expect(pairsOf(dataset)).toEqual([
      ['a.png', ['one']],
      ['b.png', ['two']],
    ]);
    const csv = 'image,species,split\na.png,owl,training\nb.png,owl,dev\n';
    const split = await importFiles({ 'a.png': image, 'b.png': image, 't.csv': csv });
    expect(split.classes).toEqual(['owl']);
    expect(split.images.map((i) => i.split)).toEqual(['train', 'val']);
  });
});

describe('a folder per class', () => {
  it('takes names from folders, splits from folders above, and takes wrapping folders off', async () => {
    const dataset = await importFiles({
      'a/b/test/red_fox/1.png': image,
      'a/b/training/red-fox/2.png': image,
      'a/b/training/Owl/images/3.png': image,
      'a/b/training/4.png': image,
      'a/b/notes.pdf': 'x',
    });
    expect(dataset.classes).toEqual(['Owl', 'red fox']);
    expect(dataset.images.map(({ path, texts, split }) => [path, texts, split])).toEqual([
      ['a/b/test/red_fox/1.png', [1], 'test'],
      ['a/b/training/Owl/images/3.png', [0], 'train'],
      ['a/b/training/red-fox/2.png', [1], 'train'],
    ]);
    expect(dataset.skipped).toEqual([{ file: 'a/b/training/4.png', reason: 'it lies in no class folder' }]);
    expect(withPromptTemplate(dataset, 'a $& drawing of {}').texts[1]).toBe('a $& drawing of red fox');
    expect(() => withPromptTemplate(dataset, 'a drawing')).toThrow('write {} where');
  });

  it('takes a train among cars for a class', async () => {
    const dataset = await importFiles({ 'train/1.png': image, 'car/1.png': image, 'loose.png': image });
    expect(dataset.classes).toEqual(['car', 'train']);
  });

  it('sorts digits as numbers', async () => {
    const dataset = await importFiles({ '10/a.png': image, '9/a.png': image, '0/a.png': image });
    expect(dataset.classes).toEqual(['0', '9', '10']);
  });
});

describe('images with text files beside them', () => {
  it('reads a caption a line', async () => {
    const dataset = await importFiles({
      'b.png': image,
      'b.txt': 'second\r\n\r\nzweites\n',
      'a.v1.png': image,
      'a.v1.txt': 'first',
      'c.png': image,
      'c.txt': ' \n',
      'd.png': image,
      'e.txt': 'no image',
      'README.txt': 'about',
    });
    expect(pairsOf(dataset)).toEqual([
      ['a.v1.png', ['first']],
      ['b.png', ['second', 'zweites']],
    ]);
    expect(dataset.skipped).toEqual([
      { file: 'e.txt', reason: 'there is no image of its name' },
      { file: 'c.png', reason: 'c.txt is empty' },
      { file: 'd.png', reason: 'there is no text file of its name beside it' },
    ]);
  });

  it('leaves class folders with a stray text file alone', async () => {
    const dataset = await importFiles({
      'cat/1.png': image,
      'cat/1.txt': 'x',
      'dog/1.png': image,
      'dog/2.png': image,
    });
    expect(dataset.classes).toEqual(['cat', 'dog']);
  });
});
