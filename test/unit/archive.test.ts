import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { type Zippable, zipSync } from 'fflate';
import { packTar } from 'modern-tar';
import { describe, expect, it } from 'vitest';
import { decodeImage, examineImage } from '../../src/cli/decode';
import { openTar } from '../../src/data/archives/tar';
import { openZip } from '../../src/data/archives/zip';
import { importDataset } from '../../src/data/import';
import { InputError } from '../../src/files/folder';
import { type Files, folderOf, importFiles, pairsOf, png, toBytes } from './sampleData';

const image = await png();
const wide = await png(9, 2);

function zip(files: Files, level: 0 | 9 = 9): Uint8Array {
  const entries: Zippable = {};
  for (const [path, content] of Object.entries(files)) entries[path] = toBytes(content);
  return zipSync(entries, { level });
}

function tar(files: Files): Promise<Uint8Array> {
  return packTar(
    Object.entries(files).map(([name, content]) => {
      const body = toBytes(content);
      return { header: { name, size: body.length }, body };
    }),
  );
}

const classes = {
  'x/cat/1.png': image,
  'x/dog/2.png': wide,
  'x/dog/broken.png': 'no',
  '__MACOSX/x/cat/._1.png': '',
};
const classPairs = [
  ['x/cat/1.png', ['cat']],
  ['x/dog/2.png', ['dog']],
];

describe.each([
  ['drop.zip', zip(classes)],
  ['stored.zip', zip(classes, 0)],
  ['drop.tar', await tar(classes)],
  ['drop.tar.gz', gzipSync(await tar(classes))],
  ['drop.tgz', gzipSync(await tar(classes))],
])('%s', (name, bytes) => {
  it('stands for the folder in it', async () => {
    const dataset = await importFiles({ [name]: bytes });
    expect(pairsOf(dataset)).toEqual(classPairs);
    expect(dataset.skipped.map(({ file }) => file)).toEqual(['x/dog/broken.png']);
    const { width, height } = await decodeImage(await dataset.open(dataset.images[1]), '');
    expect([width, height]).toEqual([9, 2]);
  });

  it('gives one sentence when it is cut off', async () => {
    const outcome = importFiles({ [name]: bytes.slice(0, bytes.length / 3) });
    const reason = name.endsWith('.tar')
      ? /Skipped: x\/dog\/2\.png: the archive ends in the middle of it\.$/
      : new RegExp(`^${name} is not a whole (zip|gzip)`);
    await expect(outcome).rejects.toThrow(reason);
  });

  it('is said to be none when it is a text', async () => {
    await expect(importFiles({ [name]: 'hello' })).rejects.toThrow(new RegExp(`^${name} is `));
  });
});

it('reads a prepared zip of 40 images in four classes and a broken one', async () => {
  const bytes = await readFile('test/fixtures/drop.zip');
  const dataset = await importFiles({ 'drop.zip': new Uint8Array(bytes) });
  expect(dataset.images).toHaveLength(40);
  expect(dataset.classes).toEqual(['blue square', 'green ring', 'red circle', 'red triangle']);
  expect(dataset.skipped.map(({ file }) => file)).toEqual(['shapes/blue_square/broken.png']);
});

it('opens archives beside a table, in archives, and not those that lie unpacked', async () => {
  const dataset = await importFiles({
    'captions.csv': 'image,caption\n1.png,one\n2.png,two\n3.png,three\n',
    'images.zip': zip({ '1.png': image, 'more.tar': await tar({ '2.png': image }) }),
    'unpacked.zip': zip({ '3.png': image }),
    'unpacked/3.png': wide,
  });
  expect(pairsOf(dataset)).toEqual([
    ['images/1.png', ['one']],
    ['images/more/2.png', ['two']],
    ['unpacked/3.png', ['three']],
  ]);
  expect((await dataset.open(dataset.images[2])).size).toBe(wide.length);
});

it('skips an archive that is damaged where others are not', async () => {
  const dataset = await importFiles({ 'cat/1.png': image, 'dog/1.png': image, 'owl.zip': 'zzz' });
  expect(dataset.classes).toEqual(['cat', 'dog']);
  expect(dataset.skipped).toHaveLength(1);
  expect(dataset.skipped[0].reason).toMatch(/^owl\.zip is not a whole zip/);
});

it('makes splits of archives named for them', async () => {
  const dataset = await importFiles({
    'train.zip': zip({ 'cat/1.png': image }),
    'test.zip': zip({ 'cat/1.png': image }),
  });
  expect(dataset.images.map(({ path, split }) => [path, split])).toEqual([
    ['test/cat/1.png', 'test'],
    ['train/cat/1.png', 'train'],
  ]);
});

describe('WebDataset', () => {
  it('groups by key over several tars', async () => {
    const dataset = await importFiles({
      'shard-0.tar': await tar({
        'a/000.png': image,
        'a/000.txt': 'zero',
        'a/001.image.png': image,
        'a/001.json': '{"caption": "one", "width": 4}',
        'a/002.png': 'broken',
        'a/002.txt': 'two',
      }),
      'shard-1.tar': await tar({ '000.png': image, '000.json': '{"width": 4}', '001.txt': 'alone' }),
    });
    expect(dataset.format).toMatch(/^WebDataset/);
    expect(pairsOf(dataset)).toEqual([
      ['shard-0/a/000.png', ['zero']],
      ['shard-0/a/001.image.png', ['one']],
    ]);
    expect(dataset.skipped.map(({ file, reason }) => `${file}: ${reason}`)).toEqual([
      'shard-1/001.txt: there is no image of its name',
      "shard-1/000.png: shard-1/000.json can't be used: it has no caption",
      'shard-0/a/002.png: not an image, or of a kind that cannot be decoded here',
    ]);
  });

  it('takes .cls for classes', async () => {
    const dataset = await importFiles({
      'x.tar': await tar({ '0.png': image, '0.cls': '3', '1.png': image, '1.cls': '10' }),
    });
    expect(dataset.classes).toEqual(['class 3', 'class 10']);
  });
});

describe('hostile zips', () => {
  const read = async (bytes: Uint8Array) => openZip(new Blob([new Uint8Array(bytes)]), 'evil.zip');

  it('lets no path lead out and uses the later of two', async () => {
    // fflate can't write a path twice: two paths of equal length, one renamed afterwards.
    const bytes = zip(
      { 'a1.txt': 'first', 'a2.txt': 'second', '../up.png': image, '/etc/x.png': image, 'c:\\y.png': image },
      0,
    );
    const text = Buffer.from(bytes);
    for (let at = text.indexOf('a2.txt'); at >= 0; at = text.indexOf('a2.txt', at)) text.write('a1.txt', at);
    const { entries, skipped } = await read(text);
    expect([...entries.keys()]).toEqual(['a1.txt']);
    expect(await (await entries.get('a1.txt')?.open())?.text()).toBe('second');
    expect(skipped.map(({ file }) => file)).toEqual(['a1.txt', '../up.png', '/etc/x.png', 'c:/y.png']);
  });

  it('never unpacks more than was admitted, nor what is impossible', async () => {
    const bytes = zip({ 'bomb.txt': '0'.repeat(1_000_000) });
    const directory = Buffer.from(bytes).indexOf('PK\x01\x02');
    const claim = (size: number) => {
      const copy = Buffer.from(bytes);
      copy.writeUInt32LE(size, directory + 24);
      return read(copy);
    };
    expect((await (await claim(100)).entries.get('bomb.txt')?.open())?.size).toBe(100);
    expect((await claim(2 ** 30 - 1)).skipped[0].reason).toMatch(/impossible/);
    expect((await claim(2 ** 31)).skipped[0].reason).toMatch(/over 1 GB/);
    await expect((await claim(1_000_001)).entries.get('bomb.txt')?.open()).rejects.toThrow('damaged');
  });

  it('says what is encrypted', async () => {
    const bytes = Buffer.from(zip({ 'secret.png': image }));
    bytes[bytes.indexOf('PK\x01\x02') + 8] |= 1;
    expect((await read(bytes)).skipped[0].reason).toMatch(/encrypted/);
  });

  it('survives any damage', async () => {
    const bytes = zip({ 'cat/1.png': image, 'dog/2.png': wide });
    for (let at = 0; at < bytes.length; at += 3) {
      const damaged = bytes.slice();
      damaged[at] ^= 0xff;
      const folder = folderOf({ 'x.zip': damaged });
      const outcome = await importDataset(folder, { examine: examineImage }).catch((error) =>
        error instanceof InputError ? 'InputError' : 'another',
      );
      expect(typeof outcome === 'string' ? outcome : 'Dataset').toMatch(/^(Dataset|InputError)$/);
    }
  });

  it('says that an empty one is empty', async () => {
    await expect(importFiles({ 'x.zip': zip({}) })).rejects.toThrow('drop is empty');
    await expect(importFiles({ 'x.zip': '' })).rejects.toThrow('x.zip is not a whole zip');
  });
});

it('reads long and foreign names in tars', async () => {
  const long = `${'folder/'.repeat(30)}${'ü'.repeat(90)}.txt`;
  const { entries } = await openTar(
    new Blob([new Uint8Array(await tar({ [long]: 'far', 'b.txt': 'near' }))]),
    'x.tar',
  );
  expect([...entries.keys()]).toEqual([long, 'b.txt']);
  expect(await (await entries.get(long)?.open())?.text()).toBe('far');
  expect(await (await entries.get('b.txt')?.open())?.text()).toBe('near');
});

it('reads zip64 and a zip behind another program', async () => {
  const bytes = zip({ 'a.txt': 'hello' });
  const shifted = new Blob(['#!/bin/sh\nexit\n', new Uint8Array(bytes)]);
  expect(await (await (await openZip(shifted, 'x')).entries.get('a.txt')?.open())?.text()).toBe('hello');
  const zip64 = new Blob([new Uint8Array(withZip64End(bytes))]);
  expect(await (await (await openZip(zip64, 'x')).entries.get('a.txt')?.open())?.text()).toBe('hello');
});

/** The same zip with its directory's place in a zip64 record alone. */
function withZip64End(bytes: Uint8Array): Uint8Array {
  const end = Buffer.from(bytes.slice(-22));
  const record = Buffer.alloc(56 + 20);
  record.write('PK\x06\x06', 0, 'latin1');
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(end.readUInt32LE(12)), 40);
  record.writeBigUInt64LE(BigInt(end.readUInt32LE(16)), 48);
  record.write('PK\x06\x07', 56, 'latin1');
  record.writeBigUInt64LE(BigInt(bytes.length - 22), 64);
  end.writeUInt32LE(0xffffffff, 12);
  end.writeUInt32LE(0xffffffff, 16);
  return Buffer.concat([bytes.slice(0, -22), record, end]);
}
