import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { openDemo, readDemoIndex } from '../../src/data/demo';
import { summarise } from '../../src/data/summary';
import type { FileSource } from '../../src/files/folder';
import { folderOf, toBytes } from './sampleData';

const style = { author: 'A. Painter', licence: 'MIT', url: 'https://example.org' };
const concept = (id: string) => ({ id, name: `the ${id}`, tags: [] });
const index = {
  imageSize: 64,
  promptTemplate: 'an emoji of {}',
  styles: [
    { id: 'ink', name: 'Ink', heldOut: false, ...style },
    { id: 'oil', name: 'Oil', heldOut: true, ...style },
  ],
  groups: [
    {
      id: 'animals',
      name: 'Animals',
      file: 'images/animals.zip',
      bytes: 1,
      concepts: ['owl', 'otter', 'newt'].map(concept),
    },
    { id: 'food', name: 'Food', file: 'images/food.zip', bytes: 1, concepts: [concept('pear')] },
  ],
  defaultConcepts: ['otter', 'owl'],
  defaultFile: 'images/default.zip',
};

function zip(paths: string[]): Uint8Array {
  return zipSync(Object.fromEntries(paths.map((path) => [path, toBytes(path)])), { level: 0 });
}

const files = {
  'demo.json': JSON.stringify(index),
  'images/default.zip': zip(['ink/owl.webp', 'ink/otter.webp', 'oil/otter.webp']),
  'images/animals.zip': zip(['ink/newt.webp', 'oil/stranger.webp']),
  'images/food.zip': zip(['ink/pear.webp', 'oil/pear.webp']),
};

describe('openDemo', () => {
  it('makes classes of the default concepts and keeps held-out styles for the test', async () => {
    const dataset = await openDemo(folderOf(files));
    expect(dataset.classes).toEqual(['the owl', 'the otter']);
    expect(dataset.texts).toEqual(['an emoji of the owl', 'an emoji of the otter']);
    expect(dataset.images).toEqual([
      { path: 'ink/owl.webp', texts: [0], split: 'train', style: 'ink' },
      { path: 'ink/otter.webp', texts: [1], split: 'train', style: 'ink' },
      { path: 'oil/otter.webp', texts: [1], split: 'test', style: 'oil' },
    ]);
    expect(await (await dataset.open(dataset.images[2])).text()).toBe('oil/otter.webp');
  });

  it('opens only what it needs', async () => {
    const folder = folderOf(files);
    const opened: string[] = [];
    const source: FileSource = {
      name: 'demo',
      open: (path) => {
        opened.push(path);
        return folder.open(path);
      },
    };
    for (const [concepts, images, needed] of [
      [undefined, 3, ['images/default.zip']],
      [['pear'], 2, ['images/food.zip']],
      [['owl', 'newt'], 2, ['images/default.zip', 'images/animals.zip']],
    ] as const) {
      opened.length = 0;
      const dataset = await openDemo(source, { classes: concepts?.slice() });
      expect(dataset.images).toHaveLength(images);
      expect(opened).toEqual(['demo.json', ...needed]);
    }
  });

  it('counts whose images they are', async () => {
    const { credits, splits, samples } = summarise(await openDemo(folderOf(files)));
    expect(credits.map(({ name, images }) => [name, images])).toEqual([
      ['Ink', 2],
      ['Oil', 1],
    ]);
    expect(splits).toEqual({ train: 2, test: 1 });
    expect(samples).toContainEqual({ image: 2, text: 'the otter' });
  });

  it('says what is missing', async () => {
    await expect(openDemo(folderOf(files), { classes: ['owl', 'yeti'] })).rejects.toThrow(
      'no concept “yeti”',
    );
    await expect(openDemo(folderOf({ 'demo.json': files['demo.json'] }))).rejects.toThrow(
      'drop/images/default.zip is missing',
    );
    await expect(readDemoIndex(folderOf({}))).rejects.toThrow('drop/demo.json is missing');
    const wrong = JSON.stringify({ ...index, styles: 3 });
    await expect(readDemoIndex(folderOf({ 'demo.json': wrong }))).rejects.toThrow('drop/demo.json: styles');
  });
});
