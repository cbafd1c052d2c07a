import fc from 'fast-check';
import { gzipSync } from 'fflate';
import { examineImage } from '../../src/cli/decode';
import { importDataset } from '../../src/data/import';
import { blobFolder } from '../../src/files/blobs';
import { InputError } from '../../src/files/folder';
import { readSafetensors, writeSafetensors } from '../../src/files/safetensors';
import { demoRun } from '../../src/run/demo';
import { readManifest, writeManifest } from '../../src/run/distillery';
import { decodeRun, encodeRun } from '../../src/run/link';
import { parseRun } from '../../src/run/schema';
import { utf8 } from '../../test/hostile/bytes';
import { goodImage } from '../../test/hostile/case';
import { mutated, mutations } from '../../test/hostile/mutate';
import { tarOf } from '../../test/hostile/tars';
import { zipOf } from '../../test/hostile/zips';
import type { Row } from './row';

/** Of the processor's time; nothing that is this small may take longer. */
const LONGEST_MS = 1000;

type Bytes = Uint8Array<ArrayBuffer>;

/** What is known of the good picture, which stands beside every input and need not be decoded each time. */
const goodFinding = examineImage(new Blob([goodImage]), 'good.png');

const importAs = (name: string) => async (bytes: Bytes) => {
  const files = new Map([
    ['good.png', new Blob([goodImage])],
    [name, new Blob([bytes])],
  ]);
  await importDataset(blobFolder('drop', files), {
    examine: (file, path) => (path === 'good.png' ? goodFinding : examineImage(file, path)),
  });
};

const inside = [
  { path: 'in.png', data: goodImage },
  { path: 'in.txt', data: utf8('in') },
];
const tar = tarOf(...inside.map(({ path, data }) => ({ name: path, data })));
const run = parseRun(demoRun, 'the demo');
const manifest = writeManifest({ run, parts: [{ files: true }], view: {} });
const table = 'file_name,text\ngood.png,"a good, ""quoted"" picture"\ngone.png,x\n';
const text = (bytes: Bytes) => new TextDecoder().decode(bytes);

/** Each reader with an input that it reads. */
const readers: [name: string, good: Bytes, read: (bytes: Bytes) => unknown][] = [
  ['zip', zipOf(inside), importAs('x.zip')],
  ['tar', tar, importAs('x.tar')],
  ['tar.gz', new Uint8Array(gzipSync(tar)), importAs('x.tar.gz')],
  ['CSV', utf8(table), importAs('metadata.csv')],
  ['JSON lines', utf8('{"file_name": "good.png", "text": ["a"]}\n'), importAs('metadata.jsonl')],
  ['picture', goodImage, importAs('other.png')],
  [
    'safetensors',
    writeSafetensors({ a: { shape: [2, 3], data: new Float32Array(6) } }),
    (bytes) => readSafetensors(new Blob([bytes]), 'x'),
  ],
  ['link', utf8(encodeRun(run)), (bytes) => decodeRun(text(bytes))],
  ['run file', utf8(JSON.stringify(demoRun)), (bytes) => parseRun(JSON.parse(text(bytes)), 'x')],
  ['.distillery', utf8(manifest), (bytes) => readManifest(JSON.parse(text(bytes)), 'x')],
];

/** Gives each reader so many inputs that are almost right, or as many as the time allows. */
export async function soakReaders(inputs: number, until: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [i, [name, good, read]] of readers.entries()) {
    const row: Row = { what: `inputs for ${name}`, done: 0, lost: [] };
    const end = Date.now() + (until - Date.now()) / (readers.length - i);
    while (row.done < inputs && Date.now() < end)
      for (const all of fc.sample(mutations, 100)) {
        const lost = await problemOf(() => read(mutated(good, all)));
        if (lost) row.lost.push(`${lost} by ${JSON.stringify(all)}`);
        row.done++;
      }
    rows.push(row);
  }
  return rows;
}

/** What is wrong with how an input was met; undefined where it was read, or refused in a sentence. */
async function problemOf(read: () => unknown): Promise<string | undefined> {
  const start = process.cpuUsage();
  try {
    await read();
  } catch (error) {
    // JSON that is none is refused by who has the file's name.
    const isMeant = error instanceof InputError || error instanceof SyntaxError;
    if (!isMeant) return `an error of no reader’s own: ${error}`;
  }
  const { user, system } = process.cpuUsage(start);
  const ms = (user + system) / 1000;
  return ms > LONGEST_MS ? `${Math.round(ms)} ms` : undefined;
}
