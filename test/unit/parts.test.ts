import { expect, it } from 'vitest';
import { examineImage } from '../../src/cli/decode';
import { type ImportFiles, listFiles } from '../../src/data/archives/importFiles';
import { indexParts } from '../../src/data/import';
import { NeedsClasses } from '../../src/data/needsClasses';
import type { DataOptions } from '../../src/data/options';
import { type Files, folderOf, pairsOf, png } from './sampleData';

const image = await png();

/** Indexes several drops, by name. */
async function indexDrops(drops: Record<string, Files>, dataOptions: DataOptions = {}) {
  const parts = Object.entries(drops).map(([name, files]) => listFiles(folderOf(files, name)));
  return indexParts(await Promise.all(parts), { examine: examineImage, dataOptions });
}

it('adds drops up that are understood alone', async () => {
  const dataset = await indexDrops({
    animals: { 'cat/1.png': image, 'dog/1.png': image },
    more: { 'owl/1.png': image, 'cat/2.png': image },
  });
  expect(dataset.name).toBe('animals + more');
  expect(dataset.classes).toEqual(['cat', 'dog', 'owl']);
  expect(dataset.images.map(({ texts }) => texts)).toEqual([[0], [1], [0], [2]]);
  expect(dataset.format).toBe('a folder per class');
});

it('understands a table in one drop and its images in another together', async () => {
  const dataset = await indexDrops({
    'captions.csv': { 'captions.csv': 'image,caption\n1.png,one\n2.png,two\n' },
    images: { '1.png': image, '2.png': image },
  });
  expect(pairsOf(dataset)).toEqual([
    ['1.png', ['one']],
    ['2.png', ['two']],
  ]);
});

it('makes classes of folders that were dropped one by one', async () => {
  const dataset = await indexDrops({ cat: { 'cat/1.png': image }, dog: { 'dog/1.png': image } });
  expect(pairsOf(dataset)).toEqual([
    ['cat/1.png', ['cat']],
    ['dog/1.png', ['dog']],
  ]);
});

it('makes captions of class names where others have captions', async () => {
  const dataset = await indexDrops({
    a: { 'cat/1.png': image, 'dog/1.png': image },
    b: { '1.png': image, '1.txt': 'an owl' },
  });
  expect(dataset.classes).toEqual([]);
  expect(dataset.texts).toEqual(['a photo of a cat.', 'a photo of a dog.', 'an owl']);
});

it('puts the drop in front of paths that another has, and opens the right file', async () => {
  const dataset = await indexDrops({
    first: { 'cat/1.png': image, 'dog/1.png': image },
    second: { 'cat/1.png': await png(9, 2), 'owl/1.png': image },
  });
  expect(dataset.images.map(({ path }) => path)).toEqual([
    'cat/1.png',
    'dog/1.png',
    'second/cat/1.png',
    'second/owl/1.png',
  ]);
  const sizes = await Promise.all(
    dataset.images.map(async (one) => examineImage(await dataset.open(one), '')),
  );
  expect(sizes.map(({ width }) => width)).toEqual([4, 4, 9, 4]);
});

it('takes drops named for a split for it, and trains on those without', async () => {
  const dataset = await indexDrops({
    'train.zip': { 'cat/1.png': image, 'dog/1.png': image },
    'test.zip': { 'cat/2.png': image, 'dog/2.png': image },
    mine: { 'cat/3.png': image, 'dog/3.png': image },
  });
  expect(dataset.images.map(({ split }) => split)).toEqual([
    'train',
    'train',
    'test',
    'test',
    'train',
    'train',
  ]);
});

it('asks for class names where nothing says what images show', async () => {
  const loose = { a: { '1.png': image, '2.png': image }, b: { '1.png': image } };
  await expect(indexDrops(loose)).rejects.toThrow(NeedsClasses);
  await expect(indexDrops({ ...loose, c: { 'cat/1.png': image, 'dog/1.png': image } })).rejects.toThrow(
    /type the class names on the page/,
  );
  const dataset = await indexDrops(loose, { classes: ['cat', 'dog'] });
  expect(dataset.images.map(({ path, texts }) => [path, texts])).toEqual([
    ['1.png', []],
    ['2.png', []],
    ['b/1.png', []],
  ]);
  expect(dataset.texts).toEqual(['a photo of a cat.', 'a photo of a dog.']);
});

it('renames classes, merges those of one name, and refuses an empty one', async () => {
  const drop = { x: { 'cat/1.png': image, 'kitten/1.png': image, 'constructor/1.png': image } };
  const dataset = await indexDrops(drop, {
    classNames: { kitten: ' cat ', gone: 'x' },
    promptTemplate: 'a drawing of a {}.',
  });
  expect(dataset.classes).toEqual(['cat', 'constructor']);
  expect(dataset.texts[0]).toBe('a drawing of a cat.');
  expect(dataset.images.map(({ path, texts }) => [path, texts])).toEqual([
    ['cat/1.png', [0]],
    ['constructor/1.png', [1]],
    ['kitten/1.png', [0]],
  ]);
  await expect(indexDrops(drop, { classNames: { cat: ' ' } })).rejects.toThrow(
    'The class “cat” needs a name',
  );
  await expect(indexDrops(drop, { promptTemplate: 'a drawing' })).rejects.toThrow('write {} where');
});

it('stops waiting when told to', async () => {
  const part = await listFiles(folderOf({ '1.png': image, '1.txt': 'one' }));
  const abort = new AbortController();
  const reading: ImportFiles = {
    ...part,
    read: () => {
      abort.abort(new Error('enough'));
      return new Promise(() => {});
    },
  };
  await expect(indexParts([reading], { examine: examineImage, signal: abort.signal })).rejects.toThrow(
    'enough',
  );
});
