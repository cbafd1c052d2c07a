import { expect, it } from 'vitest';
import { ImageIndex } from '../../src/data/recognise/imageIndex';

const index = new ImageIndex([
  'a/1.png',
  'b/1.png',
  'b/c/2.png',
  'b/12.png',
  'cafe\u0301.jpg',
  'd/2.jpg',
  'd/x.y.png',
]);

it.each([
  ['a/1.png', 'a/1.png'],
  ['1.png', 'b/1.png'], // beside the table
  ['../a/1.png', 'a/1.png'],
  ['./c/2.png', 'b/c/2.png'],
  ['2.png', 'b/c/2.png'],
  ['/home/somebody/2.png', 'b/c/2.png'], // as another machine has it
  ['https://example.org/x/12.png?w=3', 'b/12.png'],
  ['A/1.PNG', 'a/1.png'],
  ['c/2', 'b/c/2.png'],
  ['2', undefined], // b/c/2.png or d/2.jpg
  ['x.y', 'd/x.y.png'],
  ['caf\u00e9', 'cafe\u0301.jpg'],
  ['c\\2.png', 'b/c/2.png'],
  ['', undefined],
  ['../../..', undefined],
])('finds %s', (name, path) => {
  expect(index.find(name, 'b/table.csv')).toBe(path);
});

it('does not search all images of one name for each row', () => {
  const many = new ImageIndex(Array.from({ length: 50_000 }, (_, i) => `mine/${i}/image.png`));
  for (let i = 0; i < 50_000; i += 5)
    expect(many.find(`${i}/image.png`, 't.csv')).toBe(`mine/${i}/image.png`);
  expect(many.find('image.png', 't.csv')).toBeUndefined();
});
