import { blobFolder, commonFolder } from '../files/blobs';
import type { Folder } from '../files/folder';
import type { DroppedFile } from './api';

/** The files of a drop as a folder, called by what was dropped. */
export function folderOf(files: DroppedFile[]): Folder {
  const name =
    commonFolder(files.map(({ path }) => path)) || (files.length === 1 ? files[0].path : 'the drop');
  return blobFolder(name, new Map(files.map(({ path, file }) => [path, file])));
}
