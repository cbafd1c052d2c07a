import { expect, it } from 'vitest';
import type { DroppedFile } from '../../src/worker/api';
import { fingerprint } from '../../src/worker/fingerprint';

const birds: DroppedFile[] = ['birds/a.png', 'birds/b.png'].map((path) => ({
  path,
  file: new File([path], path),
}));

it('tells drops apart by their names and their contents', async () => {
  const change = (index: number, by: Partial<DroppedFile>) =>
    fingerprint(birds.map((one, i) => (i === index ? { ...one, ...by } : one)));
  const all = [
    await fingerprint(birds),
    await change(1, { path: 'birds/c.png' }),
    await change(1, { file: new File(['birds/c.png'], 'b.png') }),
    await fingerprint(birds.slice(1)),
  ];
  expect(new Set(all).size).toBe(4);
  expect(await fingerprint(birds.toReversed())).toBe(all[0]);
});
