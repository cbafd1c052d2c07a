import { expect, it } from 'vitest';
import { cameraFiles, firstHeldOut } from '../../src/page/data/cameraFiles';

const every = (ms: number, count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i * ms);

it('holds out the last fifth of pictures taken without a pause, and of few one at least', () => {
  expect(firstHeldOut(every(200, 20))).toBe(16);
  expect(firstHeldOut(every(200, 2))).toBe(1);
  expect(firstHeldOut(every(200, 3))).toBe(2);
});

it('parts training from testing at the pause that a person made near there, not at one that leaves little of either', () => {
  expect(firstHeldOut([...every(200, 14), ...every(200, 6, 9000)])).toBe(14);
  expect(firstHeldOut([...every(200, 4), ...every(210, 16, 9000)])).toBe(16);
  expect(firstHeldOut([...every(200, 19), 90_000])).toBe(16);
});

it('makes a folder with a table of classes and splits', async () => {
  const shots = every(100, 5).map((time) => ({ time, picture: new Blob(['x'], { type: 'image/jpeg' }) }));
  const files = cameraFiles([
    { name: ' train/“cup”', shots },
    { name: 'images', shots: shots.slice(0, 2) },
  ]);
  expect(files.map(({ path }) => path)).toEqual([
    ...[1, 2, 3, 4, 5, 6, 7].map((n) => `camera/000${n}.jpg`),
    'camera/metadata.jsonl',
  ]);
  const rows = (await files[7].file.text()).split('\n').map((line) => JSON.parse(line));
  expect(rows.map(({ label, split }) => `${label}: ${split}`)).toEqual([
    ...Array(4).fill('train/“cup”: train'),
    'train/“cup”: test',
    'images: train',
    'images: test',
  ]);
});
