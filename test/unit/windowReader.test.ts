import { expect, it } from 'vitest';
import { windowReader } from '../../src/data/archives/windowReader';

/** A file of so many bytes, each its place's lowest byte, that counts how it is read. */
function countedFile(size: number) {
  const blob = new Blob([Uint8Array.from({ length: size }, (_, i) => i)]);
  const counts = { reads: 0, bytes: 0 };
  const slice = blob.slice.bind(blob);
  blob.slice = (start = 0, end = size) => {
    counts.reads++;
    counts.bytes += Math.min(end, size) - start;
    return slice(start, end);
  };
  return { blob, counts };
}

it('reads what is asked for, and less at the end', async () => {
  const read = windowReader(countedFile(1000).blob);
  expect([...(await read(300, 3))]).toEqual([44, 45, 46]);
  expect([...(await read(10, 2))]).toEqual([10, 11]);
  expect([...(await read(998, 9))]).toEqual([230, 231]);
  expect([...(await read(5000, 9))]).toEqual([]);
});

it('reads many small pieces that follow each other in few goes, also when asked for all at once', async () => {
  const { blob, counts } = countedFile(4_000_000);
  const read = windowReader(blob);
  const starts = Array.from({ length: 8000 }, (_, i) => i * 500);
  const pieces = await Promise.all(starts.map((start) => read(start, 2)));
  expect(pieces.every(([first], i) => first === (starts[i] & 255))).toBe(true);
  expect(counts.reads).toBeLessThan(30);
  expect(counts.bytes).toBeLessThan(5_000_000);
});

it('does not read what lies between pieces that are far apart', async () => {
  const { blob, counts } = countedFile(8_000_000);
  const read = windowReader(blob);
  for (let start = 0; start < 8_000_000; start += 200_000) await read(start, 512);
  expect(counts.bytes).toBeLessThanOrEqual(50 * 4096);
});

it('goes on after a piece that could not be read', async () => {
  const { blob } = countedFile(100);
  const slice = blob.slice.bind(blob);
  blob.slice = () => {
    blob.slice = slice;
    throw new Error('gone');
  };
  const read = windowReader(blob);
  await expect(read(0, 1)).rejects.toThrow('gone');
  expect([...(await read(7, 1))]).toEqual([7]);
});
