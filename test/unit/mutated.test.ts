import fc from 'fast-check';
import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { examineImage } from '../../src/cli/decode';
import { importDataset } from '../../src/data/import';
import { blobFolder } from '../../src/files/blobs';
import { InputError } from '../../src/files/folder';
import { utf8 } from '../hostile/bytes';
import { goodFiles, goodImage } from '../hostile/case';
import { mutated, mutations } from '../hostile/mutate';
import { tarOf } from '../hostile/tars';
import { zipOf } from '../hostile/zips';

const parts = [
  { path: 'in.png', data: goodImage },
  { path: 'in.txt', data: utf8('in') },
  { path: 'folder/in.png', data: goodImage },
  { path: 'folder/in.txt', data: utf8('in') },
];
const tar = tarOf(...parts.map(({ path, data }) => ({ name: path, data })));
const rows = 'file_name,text\ngood.png,"a good, ""quoted"" picture"\ngone.png,x\n';
const lines = '{"file_name": "good.png", "text": ["a", "b"]}\n{"file_name": "gone.png"}\n';

/** What importing a drop comes to: its images' paths, or the sentence that refuses it. */
async function outcomeOf(files: [string, Uint8Array<ArrayBuffer>][]): Promise<string[] | string> {
  const folder = blobFolder('drop', new Map(files.map(([path, bytes]) => [path, new Blob([bytes])])));
  try {
    const { dataset } = await importDataset(folder, { examine: examineImage });
    return dataset.images.map(({ path }) => path);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

describe.each([
  ['x.zip', zipOf(parts)],
  ['x.tar', tar],
  ['x.tgz', new Uint8Array(gzipSync(tar))],
])('%s, changed anyhow', (name, bytes) => {
  it('never hides what lies beside it', () =>
    fc.assert(
      fc.asyncProperty(mutations, async (all) => {
        const changed = mutated(bytes, all);
        // Captions for all images, so that nothing but these can be what they mean.
        const captions = ['x/in.txt', 'x/folder/in.txt'].map((path): [string, Uint8Array<ArrayBuffer>] => [
          path,
          utf8('in'),
        ]);
        expect(await outcomeOf([...goodFiles, ...captions, [name, changed]])).toContain('good.png');
      }),
      { numRuns: 150 },
    ));
});

describe.each([
  ['metadata.csv', rows],
  ['metadata.jsonl', lines],
  ['captions.tsv', rows.replaceAll(',', '\t')],
])('%s, changed anyhow', (name, text) => {
  it('is read or refused in a sentence', () =>
    fc.assert(
      fc.asyncProperty(mutations, async (all) => {
        const changed = mutated(utf8(text), all);
        const outcome = await outcomeOf([
          ['good.png', goodImage],
          [name, changed],
        ]);
        if (typeof outcome === 'string') expect(outcome).toMatch(/^(drop|metadata|captions).*\.$/s);
        else expect(outcome).toEqual(['good.png']);
      }),
      { numRuns: 150 },
    ));
});
