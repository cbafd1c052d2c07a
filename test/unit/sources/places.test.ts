import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataFolder } from '../../../src/cli/data';
import { diskFile } from '../../../src/cli/disk';
import { RangeBlob } from '../../../src/files/rangeBlob';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'places-'));
  await mkdir(path.join(folder, 'images'));
  const files = {
    'images/a.png': 'x',
    'pairs.json': ' [ {"image": "a.png", "caption": "one"}]',
    'coco.json': `{"info": {}, "images": [{"id": 1}], "annotations": []}`,
    'settings.json': '{"name": "x", "images": "none"}',
    'other.csv': 'image,caption\na.png,two\n',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
});

afterAll(() => rm(folder, { recursive: true }));

describe('a path on the command line', () => {
  it.each([
    ['pairs.json', ['images/a.png', 'pairs.json']],
    ['coco.json', ['coco.json', 'images/a.png']],
    ['other.csv', ['images/a.png', 'other.csv']],
    ['settings.json', ['settings.json']],
    ['images/a.png', ['a.png']],
  ])('%s brings the images around it where it is a list of them', async (name, paths) => {
    expect(await (await dataFolder(path.join(folder, name))).paths()).toEqual(paths);
  });

  it('may be of a file larger than Node can count', async () => {
    const place = path.join(folder, 'large.tar');
    const size = 5 * 2 ** 30;
    const handle = await open(place, 'w');
    await handle.truncate(size);
    await handle.write('end', size - 3);
    await handle.close();
    const file = await diskFile(place);
    expect(file.size).toBe(size);
    expect(await file.slice(-3).text()).toBe('end');
    expect(
      await file
        .slice(size - 5, size - 1)
        .slice(2)
        .text(),
    ).toBe('en');
  });
});

it('a file read by ranges is cut as a Blob is', async () => {
  const bytes = Uint8Array.from({ length: 40 }, (_, i) => i);
  const blob = new Blob([bytes]);
  const ranges = new RangeBlob(async (start, end) => bytes.slice(start, end).buffer, 0, bytes.length);
  const place = fc.integer({ min: -50, max: 50 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(place, place), { maxLength: 3 }), async (cuts) => {
      const cut = (whole: Blob) => cuts.reduce((part, [start, end]) => part.slice(start, end), whole);
      expect(cut(ranges).size).toBe(cut(blob).size);
      expect(new Uint8Array(await cut(ranges).arrayBuffer())).toEqual(
        new Uint8Array(await cut(blob).arrayBuffer()),
      );
      const streamed = await new Response(cut(ranges).stream()).arrayBuffer();
      expect(new Uint8Array(streamed)).toEqual(new Uint8Array(await cut(blob).arrayBuffer()));
    }),
  );
});
