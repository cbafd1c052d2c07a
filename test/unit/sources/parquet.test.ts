import { randomBytes } from 'node:crypto';
import { deflateSync, gzipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { listFiles } from '../../../src/data/archives/importFiles';
import { parquet } from '../../../src/data/recognise/parquet';
import { ParquetFile } from '../../../src/data/recognise/parquetFile';
import { InputError } from '../../../src/files/folder';
import { toBytes } from '../sampleData';
import { hubParquet, pairingsOf, recognise, skipsOf } from './recognise';

/** Bytes that are told apart. */
const bytesOf = (i: number, length = 3) => new Uint8Array(length).fill(i);
const imageCell = (i: number, path: string | null = null) => ({ bytes: bytesOf(i), path });

/** Vitest's own comparison takes seconds for large arrays. */
const isSame = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

async function opened(listing: Awaited<ReturnType<typeof recognise>>, i: number) {
  const blob = await listing.pairings[i].open?.();
  return blob && [...new Uint8Array(await blob.arrayBuffer())];
}

describe('Parquet as the hub exports it', () => {
  it('takes class names from the metadata, adds shards up and splits by their names', async () => {
    const names = ['zebra', 'ant', 'unused'];
    const listing = await recognise({
      'data/train-00000-of-00002.parquet': hubParquet(
        { image: [imageCell(1), imageCell(2)], label: [0n, 1n] },
        { names },
      ),
      'data/train-00001-of-00002.parquet': hubParquet({ image: [imageCell(3)], label: [1n] }, { names }),
      'test/0000.parquet': hubParquet({ image: [imageCell(4), imageCell(5)], label: [-1n, 0n] }, { names }),
    });
    expect(listing).toMatchObject({
      format: 'Parquet (image: image, class: label)',
      why: 'data/train-00000-of-00002.parquet has images in its column image.',
      kind: 'classes',
      classes: names,
    });
    expect(pairingsOf(listing)).toEqual([
      'data/train-00000-of-00002/000000.png: zebra (train)',
      'data/train-00000-of-00002/000001.png: ant (train)',
      'data/train-00001-of-00002/000000.png: ant (train)',
      'test/0000/000001.png: zebra (test)',
    ]);
    expect(skipsOf(listing)).toEqual(['test/0000.parquet: row 1 has nothing in its column label']);
    expect(await opened(listing, 1)).toEqual([2, 2, 2]);
    expect(await opened(listing, 3)).toEqual([5, 5, 5]);
    expect(listing.tables).toEqual([
      {
        path: 'data/train-00000-of-00002.parquet',
        columns: ['image', 'label'],
        chosen: { image: 'image', text: 'label', kind: 'classes', split: undefined },
        rows: [
          ['', 'zebra'],
          ['', 'ant'],
        ],
      },
    ]);
  });

  it('takes captions, several in a list, image names where they are usable, and a split column', async () => {
    const listing = await recognise({
      'a.parquet': hubParquet({
        image: [imageCell(1, 'x/cat.jpg'), imageCell(2, 'y/cat.jpg'), imageCell(3, '../no'), null],
        split: ['train', 'validation', 'other', 'train'],
        caption: [['one', ' two '], ['three'], ['four'], ['five']],
      }),
    });
    expect(pairingsOf(listing)).toEqual([
      'a/cat.jpg: one | two (train)',
      'a/000001-cat.jpg: three (val)',
      'a/000002.png: four (other)',
      'a/000003.png: five (train)',
    ]);
    await expect(listing.pairings[3].open?.()).rejects.toThrow('row 4 has no image in it');
  });

  it('takes a column of plain bytes, and numbers without names', async () => {
    const file = parquetWriteBuffer({
      columnData: [
        { name: 'fine_label', data: [7, 3], type: 'INT32' },
        { name: 'img', data: [bytesOf(1), bytesOf(2)], type: 'BYTE_ARRAY' },
      ],
    });
    const listing = await recognise(
      { 'x.parquet': new Uint8Array(file) },
      {
        columns: { image: 'img', text: 'fine_label', kind: 'classes' },
      },
    );
    expect(pairingsOf(listing)).toEqual(['x/000000.png: class 7', 'x/000001.png: class 3']);
    expect(await opened(listing, 1)).toEqual([2, 2, 2]);
  });

  it('lets columns be chosen, and says which there are', async () => {
    const rows = { image: [imageCell(1)], text: ['a cat'], label: [1n] };
    const files = { 'x.parquet': hubParquet(rows, { names: ['dog', 'cat'] }) };
    expect(pairingsOf(await recognise(files))).toEqual(['x/000000.png: a cat']);
    const byLabel = { image: 'image', text: 'label', kind: 'classes' } as const;
    expect(pairingsOf(await recognise(files, { columns: byLabel }))).toEqual(['x/000000.png: cat']);
    await expect(recognise(files, { columns: { ...byLabel, text: 'labels' } })).rejects.toThrow(
      'x.parquet has no column “labels”; it has image, text, label.',
    );
    await expect(recognise(files, { columns: { ...byLabel, image: 'text' } })).rejects.toThrow(
      'x.parquet has no images in its column text; it has them in image.',
    );
  });

  it('reads images without texts where class names are typed', async () => {
    const files = { 'x.parquet': hubParquet({ image: [imageCell(1)] }) };
    await expect(recognise(files)).rejects.toThrow(/no column of captions or labels; type the class names/);
    const listing = await recognise(files, { classes: ['cat', 'dog'] });
    expect(listing.classes).toEqual(['cat', 'dog']);
    expect(pairingsOf(listing)).toEqual(['x/000000.png: ']);
  });
});

describe('wrong Parquet files', () => {
  const good = hubParquet({ image: [imageCell(1)], text: ['fine'] });
  const middle = toBytes('x'.repeat(good.length));
  const lastFour = (text: string) => new Uint8Array([...good.slice(0, -4), ...toBytes(text)]);

  it.each<[string, Uint8Array | string, RegExp]>([
    ['empty', '', /it is no Parquet file, or its end is missing$/],
    ['cut', good.slice(0, -20), /its end is missing$/],
    ['text', 'not at all Parquet', /its end is missing$/],
    ['encrypted', lastFour('PARE'), /it is encrypted/],
    ['broken footer', new Uint8Array([...middle, ...good.slice(-8)]), /it is damaged; get the file anew$/],
    ['broken pages', new Uint8Array([...middle.slice(0, 40), ...good.slice(40)]), /./],
  ])('%s: skipped with a reason, the others are read', async (_, bytes, reason) => {
    const listing = await recognise({ 'bad.parquet': bytes, 'good.parquet': good });
    expect(pairingsOf(listing)).toContain('good/000000.png: fine');
    const bad = listing.pairings.find(({ path }) => path.startsWith('bad/'));
    if (bad) await expect(bad.open?.()).rejects.toThrow(/damaged|no image/);
    else expect(skipsOf(listing)).toEqual([expect.stringMatching(reason)]);
  });

  it('says what is wrong where there is nothing else', async () => {
    await expect(recognise({ 'a.parquet': 'x' })).rejects.toThrow(
      "a.parquet can't be used: it is no Parquet file, or its end is missing.",
    );
    const texts = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'url', data: ['http://x'] }] }));
    await expect(recognise({ 'a.parquet': texts })).rejects.toThrow(
      "a.parquet has no column of images, only url; a column with the images' bytes would be right.",
    );
    // As img2dataset leaves them beside its tars.
    const listing = await recognise({ 'a.parquet': texts, '00000/1.jpg': 'x', '00000/1.txt': 'one' });
    expect(pairingsOf(listing)).toEqual(['00000/1.jpg: one']);
  });

  it('survives every byte being another', async () => {
    for (let at = 0; at < good.length; at++) {
      const bytes = good.slice();
      bytes[at] ^= 0xff;
      const listing = await recognise({ 'bad.parquet': bytes, 'good.parquet': good }).catch((error) => error);
      if (listing instanceof Error) expect(listing).toBeInstanceOf(InputError);
      else for (const { open } of listing.pairings) await open?.().catch(() => undefined);
    }
  });
});

describe('large Parquet files', () => {
  /** A Blob that notes what is read of it. */
  class Watched extends Blob {
    read = 0;
    override slice(start = 0, end = this.size): Blob {
      this.read += Math.min(end, this.size) - start;
      return super.slice(start, end);
    }
  }
  const count = 400;
  const rows = {
    image: Array.from({ length: count }, (_, i) => ({
      bytes: new Uint8Array(randomBytes(100_000)),
      path: `${i}.jpg`,
    })),
    text: Array.from({ length: count }, (_, i) => `image ${i}`),
  };

  it.each([
    ['in row groups', 20],
    ['in one row group', count],
  ])('reads only the texts and what is near the wanted image, %s', async (_, rowGroupSize) => {
    const file = new Watched([hubParquet(rows, { rowGroupSize, codec: 'UNCOMPRESSED' }).slice()]);
    const folder = { name: 'x', paths: async () => ['x.parquet'], open: async () => file };
    const listing = await parquet(await listFiles(folder), {});
    expect(listing?.pairings).toHaveLength(count);
    expect(file.read).toBeLessThan(1_200_000);
    for (const i of [399, 0, 1, 200]) {
      const blob = await listing?.pairings[i].open?.();
      expect(isSame(new Uint8Array((await blob?.arrayBuffer()) ?? []), rows.image[i].bytes)).toBe(true);
    }
    expect(file.read).toBeLessThan(14_000_000);
  });

  it('keeps pages together with their dictionary', async () => {
    const image = rows.image.flatMap((cell) => [cell, cell]);
    const bytes = hubParquet(
      { image, text: image.map(() => 'x') },
      { rowGroupSize: 800, codec: 'UNCOMPRESSED' },
    );
    const file = await ParquetFile.open(new Blob([bytes.slice()]));
    for (const run of await file.pageRuns(['image', 'bytes'], 0)) {
      const values = await file.readRun(run);
      expect(values).toHaveLength(run.rowEnd - run.rowStart);
      for (const [i, [value]] of values.entries())
        expect(value && isSame(value, image[run.rowStart + i].bytes)).toBe(true);
    }
  });
});

describe('compression', () => {
  it.each([
    ['SNAPPY', undefined],
    ['GZIP', (input: Uint8Array) => gzipSync(input)],
  ] as const)('%s is read', async (codec, compress) => {
    const compressors = compress && { [codec]: compress };
    const listing = await recognise({
      'x.parquet': hubParquet({ image: [imageCell(9)], text: ['nine'] }, { codec, compressors }),
    });
    expect(pairingsOf(listing)).toEqual(['x/000000.png: nine']);
    expect(await opened(listing, 0)).toEqual([9, 9, 9]);
  });

  it('says which is not known', async () => {
    const compressors = { LZO: (input: Uint8Array) => deflateSync(input) };
    const file = hubParquet({ image: [imageCell(9)], text: ['nine'] }, { codec: 'LZO', compressors });
    await expect(recognise({ 'x.parquet': file })).rejects.toThrow('its compression LZO is not known');
  });
});
