import { expect, it } from 'vitest';
import { prefetched } from '../../src/files/prefetched';

it('asks for its files at once and once, in order, and again for one that failed', async () => {
  const asked: string[] = [];
  const source = prefetched(
    {
      name: 'demo',
      open: async (path) => {
        asked.push(path);
        if (path === 'b' && asked.length === 2) throw new Error('no connection');
        return new Blob([path]);
      },
    },
    ['a', 'b'],
  );
  expect(asked).toEqual(['a', 'b']);
  expect(await (await source.open('a'))?.text()).toBe('a');
  expect(await (await source.open('a'))?.text()).toBe('a');
  expect(await (await source.open('b'))?.text()).toBe('b');
  await source.open('c');
  expect(asked).toEqual(['a', 'b', 'b', 'c']);
});
