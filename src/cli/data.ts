import path from 'node:path';
import { isTable } from '../data/table';
import { blobFolder } from '../files/blobs';
import type { Folder } from '../files/folder';
import { diskFile, diskFolder, isFolder } from './disk';

/** Image-text data at a path: a folder, an archive, or a table, whose images lie in its folder. */
export async function dataFolder(place: string): Promise<Folder> {
  if (await isFolder(place)) return diskFolder(place);
  const file = await diskFile(place);
  const name = path.basename(place);
  if (!isTable(place)) return blobFolder(place, new Map([[name, file]]));
  const around = await diskFolder(path.dirname(place));
  const paths = (await around.paths()).filter((other) => other === name || !isTable(other));
  return { name: place, paths: async () => paths, open: around.open };
}
