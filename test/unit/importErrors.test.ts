import { describe, expect, it } from 'vitest';
import { examineImage } from '../../src/cli/decode';
import { importDataset } from '../../src/data/import';
import { InputError } from '../../src/files/folder';
import { type Files, folderOf, importFiles, png } from './sampleData';

const image = await png();

describe('wrong input', () => {
  it.each<[Files, RegExp]>([
    [{}, /drop is empty/],
    [{ '.DS_Store': 'x' }, /drop is empty/],
    [{ 'a.txt': 'x', 'b.md': 'y' }, /drop has no images .*only 2 other files such as a\.txt/],
    [{ 'texts.xlsx': 'PK' }, /no images that can be read: texts\.xlsx is an Excel workbook.* as CSV\.$/],
    [{ 'train.tfrecord-00000-of-00002': 'x' }, /is a TFRecord, which is not read; write Parquet/],
    [
      { 'jpg/1.jpg': image, 'jpg/2.jpg': image, 'imagelabels.mat': 'MATLAB' },
      /type the class names on the page\. imagelabels\.mat is a MATLAB file/,
    ],
    [
      { 'dive.mp4': 'x' },
      /^drop has no images that can be read\. dive\.mp4: videos are not read; save frames/,
    ],
    [{ 'train.parquet': 'x' }, /^train\.parquet can.t be used: it is no Parquet file/],
    [{ 'a.png': image, 'b.png': image }, /put each class's images in a folder of its name/],
    [{ 'photos/a.png': image, 'photos/b.png': image }, /put each class's images in a folder of its name/],
    [
      { 'cats/a.png': image, 'cats/b.png': image },
      /^drop: all images lie in one folder, which makes one class at most, .* give two or more of them at once/,
    ],
    [
      { 'a/1.png': 'text', 'b/2.png': '' },
      /no image can be read\. a\/1\.png: not an image.*; b\/2\.png: the file is empty\.$/,
    ],
    [
      { 'x.png': image, 'metadata.csv': 'file_name,text\na.png,b\n' },
      /no image has a text\. a\.png: row 2 of metadata\.csv/,
    ],
    [{ 'only.png': 'a text' }, /^drop: no image can be read\. only\.png: not an image/],
    [
      { 'x.png': image, 'sizes.csv': 'image,width\nx.png,4\n' },
      /^drop: sizes\.csv needs a column that names/,
    ],
    [{ 'x.png': image, 'metadata.csv': '' }, /metadata\.csv has no rows/],
  ])('%# gives one sentence', async (files, message) => {
    const outcome = importFiles(files);
    await expect(outcome).rejects.toThrow(InputError);
    await expect(outcome).rejects.toThrow(message);
  });

  it('stops when told to', async () => {
    const examine = () => {
      abort.abort();
      return examineImage(new Blob(), '');
    };
    const abort = new AbortController();
    const files = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`c${i}/a.png`, image]));
    await expect(importDataset(folderOf(files), { examine, signal: abort.signal })).rejects.toThrow(/abort/i);
  });
});

it('tells how far it is', async () => {
  const seen: number[] = [];
  await importDataset(folderOf({ 'a/1.png': image, 'b/1.png': image }), {
    examine: examineImage,
    onProgress: ({ done, total }) => seen.push(done / total),
  });
  expect(seen).toEqual([0.5, 1]);
});

it('says which image became unreadable', async () => {
  const files = new Map([['a/1.png', new Blob([new Uint8Array(image)])]]);
  const folder = {
    name: 'x',
    paths: async () => ['a/1.png', 'b/1.png'],
    open: async () => files.get('a/1.png'),
  };
  const { dataset } = await importDataset(folder, { examine: examineImage });
  files.clear();
  await expect(dataset.open(dataset.images[0])).rejects.toThrow('it is no longer there');
});

it.each([
  ['cat_to_name.json', '{"1": "sea rose", "2": "hill fern"}'],
  ['classnames.txt', 'no flower\nsea_rose\nhill_fern\n'],
])('names classes that are codes by %s', async (file, names) => {
  const { dataset } = await importDataset(
    folderOf({ '1/a.png': 'image', '2/b.png': 'image', [file]: names }),
    {
      examine: async () => ({ width: 1, height: 1, hash: '0'.repeat(16), colours: new Uint8Array(48) }),
    },
  );
  expect(dataset.classes).toEqual(['hill fern', 'sea rose']);
  expect(dataset.why).toContain(`${file} names the classes: 1 is sea rose.`);
});
