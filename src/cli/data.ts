import fs from 'node:fs';
import path from 'node:path';
import { isTable } from '../data/recognise/table';
import { blobFolder } from '../files/blobs';
import { type Folder, InputError } from '../files/folder';
import { openHubDataset } from '../hub/dataset';
import { isHubDataset } from '../hub/place';
import { diskFile, diskFolder, isFolder } from './disk';
import { remoteOptions } from './diskStore';

/**
 * Image-text data at a path: a folder, an archive, a Parquet file, or a table, whose images lie in its folder; or, where
 * there is no such path, on the hub by its id.
 */
export async function dataFolder(place: string): Promise<Folder> {
  if (isHubDataset(place) && !fs.existsSync(place)) return hubFolder(place);
  if (await isFolder(place)) return diskFolder(place);
  const file = await diskFile(place);
  const name = path.basename(place);
  const isList = isTable(place.replace(/\.gz$/i, '')) || (/\.json$/i.test(place) && (await holdsPairs(file)));
  if (!isList) return blobFolder(place, new Map([[name, file]]));
  const around = await diskFolder(path.dirname(place));
  const isOther = (other: string) => isTable(other) || /^[^/]*\.json$/i.test(other);
  const paths = (await around.paths()).filter((other) => other === name || !isOther(other));
  return { name: place, paths: async () => paths, open: around.open };
}

async function hubFolder(place: string): Promise<Folder> {
  try {
    return await openHubDataset(place, remoteOptions());
  } catch (error) {
    if (!(error instanceof InputError) || place.startsWith('hf://')) throw error;
    throw new InputError(
      `${place} is no file or folder here, and can't be had from the hub: ${error.message}`,
    );
  }
}

/** Whether a JSON file is a list of objects, or annotations as COCO has them, rather than some program's settings. */
async function holdsPairs(file: Blob): Promise<boolean> {
  const start = await file.slice(0, 2 ** 16).text();
  return /^\s*(\[\s*\{|\{[\s\S]*"(images|annotations)"\s*:\s*\[)/.test(start);
}
