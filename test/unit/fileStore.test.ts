import 'fake-indexeddb/auto';
import { assert, expect, it } from 'vitest';
import { databaseStore } from '../../src/files/databaseStore';
import { memoryStore } from '../../src/files/memoryStore';

it.each([
  ['memory', () => memoryStore()],
  ['IndexedDB', () => databaseStore('some files')],
])('a store in %s appends, renames at once and removes', async (_, open) => {
  const store = await open();
  assert(store);
  const write = async (name: string, keep: number, text: string) => {
    const file = await store.append(name, keep);
    await file.write(new TextEncoder().encode(text));
    await file.close();
  };
  await write('a', 0, 'one and two');
  await write('a', 4, 'only');
  await write('b', 0, 'other');
  expect(await (await store.open('a'))?.text()).toBe('one only');
  await store.rename('a', 'b');
  expect(await store.names()).toEqual(['b']);
  expect(await (await store.open('b'))?.text()).toBe('one only');
  await store.remove('b');
  expect(await store.open('b')).toBeUndefined();
});
