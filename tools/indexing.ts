import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { dataFolder } from '../src/cli/data';
import { examineImage } from '../src/cli/decode';
import { listFiles } from '../src/data/archives/importFiles';
import { indexParts } from '../src/data/import';
import { utf8 } from '../test/hostile/bytes';
import { tarOf } from '../test/hostile/tars';

/**
 * Measures how long 100,000 (or as many as the argument says) small images with captions in one tar take to be indexed,
 * and the most memory on the way: `npx tsx tools/indexing.ts [IMAGES]`.
 */
const count = Number(process.argv[2] ?? 100_000);
const batch = 1000;
const endBytes = 1024;

async function writeTar(file: string): Promise<void> {
  const create = { width: 32, height: 32, channels: 3, background: '#d02020' } as const;
  const image = new Uint8Array(await sharp({ create }).jpeg().toBuffer());
  await using out = await fs.open(file, 'w');
  for (let at = 0; at < count; at += batch) {
    const keys = Array.from({ length: Math.min(batch, count - at) }, (_, i) =>
      String(at + i).padStart(8, '0'),
    );
    const files = keys.flatMap((key) => [
      { name: `${key}.jpg`, data: image },
      { name: `${key}.txt`, data: utf8(`picture number ${key}`) },
    ]);
    await out.write(tarOf(...files).subarray(0, -endBytes));
  }
}

const folder = await fs.mkdtemp(path.join(tmpdir(), 'indexing-'));
try {
  const file = path.join(folder, 'images.tar');
  await writeTar(file);
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 20);
  const before = process.memoryUsage().rss;
  const start = performance.now();
  const dataset = await indexParts([await listFiles(await dataFolder(file))], { examine: examineImage });
  const seconds = (performance.now() - start) / 1000;
  clearInterval(watch);
  const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  console.log(
    `${dataset.images.length} images (${dataset.format}) in ${seconds.toFixed(1)} s; ` +
      `memory ${megabytes(before)} before, at most ${megabytes(most)}`,
  );
} finally {
  await fs.rm(folder, { recursive: true });
}
