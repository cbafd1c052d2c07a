import { expect, it } from 'vitest';
import { examineImage } from '../../src/cli/decode';
import { importDataset } from '../../src/data/import';
import { blobFolder } from '../../src/files/blobs';
import { InputError } from '../../src/files/folder';
import type { HostileCase } from '../hostile/case';
import { hostileCorpus } from '../hostile/corpus';
import { rawText } from '../hostile/rawText';

const corpus = hostileCorpus();

it('holds at least 200 drops, each of its own', () => {
  expect(corpus.length).toBeGreaterThanOrEqual(200);
  expect(new Set(corpus.map(({ name }) => name)).size).toBe(corpus.length);
});

function importCase({ files }: HostileCase) {
  const folder = blobFolder('drop', new Map(files.map(([path, bytes]) => [path, new Blob([bytes])])));
  return importDataset(folder, { examine: examineImage });
}

it.each(corpus.filter(({ refused }) => refused))('$name', async (drop) => {
  const outcome = importCase(drop);
  await expect(outcome).rejects.toThrow(InputError);
  await expect(outcome).rejects.toThrow(drop.refused);
  await expect(outcome).rejects.not.toThrow(rawText);
});

it.each(corpus.filter(({ refused }) => !refused))('$name', async (drop) => {
  const { keeps = ['good.png'], says = /^/ } = drop;
  const { images, texts, skipped } = (await importCase(drop)).dataset;
  expect(images.map(({ path }) => path)).toEqual(expect.arrayContaining(keeps));
  for (const image of images) expect(texts[image.texts[0]]).toMatch(/\S/);
  for (const { file, reason } of skipped) {
    expect(reason, file).toMatch(/\S/);
    expect(reason, file).not.toMatch(rawText);
  }
  expect(skipped.map(({ file, reason }) => `${file}: ${reason}`).join('\n')).toMatch(says);
});
