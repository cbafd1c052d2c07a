import { listFiles } from '../data/archives/importFiles';
import { reasonOf } from '../data/text';
import { type Folder, InputError } from '../files/folder';
import type { DroppedFile } from './api';
import { folderOf } from './droppedFolder';

/** The files of a drop that is a checkpoint: a folder, files, or an archive of them. */
export async function droppedCheckpoint(files: DroppedFile[], signal: AbortSignal): Promise<Folder> {
  const dropped = folderOf(files);
  if (files.length !== 1 || !/\.(zip|tar|tgz|tar\.gz)$/i.test(files[0].path)) return dropped;
  const inside = await listFiles(dropped, { signal });
  const paths = [...inside.images, ...inside.others].sort();
  const refused = new Map(inside.skipped.map(({ file, reason }) => [file, reason]));
  const wrong = (path: string, reason: string) =>
    new InputError(`${path} of ${dropped.name} can't be read: ${reason}. Unpack it, and drop the folder.`);
  return {
    name: dropped.name.replace(/\.\w+$/, ''),
    paths: async () => paths,
    async open(path) {
      const reason = refused.get(path);
      if (reason !== undefined) throw wrong(path, reason);
      if (!paths.includes(path)) return undefined;
      return inside.open(path).catch((error) => Promise.reject(wrong(path, reasonOf(error))));
    },
  };
}
