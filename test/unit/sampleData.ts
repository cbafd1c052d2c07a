import sharp from 'sharp';
import { examineImage } from '../../src/cli/decode';
import type { Dataset } from '../../src/data/dataset';
import { importDataset } from '../../src/data/import';
import { blobFolder } from '../../src/files/blobs';

/** Files by path, as tests write them. */
export type Files = Record<string, Uint8Array | string>;

/** A real PNG of one colour. */
export async function png(width = 4, height = 3, background = '#d02020'): Promise<Uint8Array> {
  const image = sharp({ create: { width, height, channels: 3, background } });
  return new Uint8Array(await image.png().toBuffer());
}

export function toBytes(content: Uint8Array | string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(typeof content === 'string' ? new TextEncoder().encode(content) : content);
}

export function folderOf(files: Files, name = 'drop') {
  return blobFolder(
    name,
    new Map(Object.entries(files).map(([path, content]) => [path, new Blob([toBytes(content)])])),
  );
}

export async function importFiles(files: Files): Promise<Dataset> {
  return (await importDataset(folderOf(files), { examine: examineImage })).dataset;
}

/** Each image's path with its captions, or its class's name. */
export function pairsOf({ images, texts, classes }: Dataset): [string, string[]][] {
  return images.map((image) => [image.path, image.texts.map((text) => classes[text] ?? texts[text])]);
}
