import { type Folder, InputError } from '../files/folder';
import type { Archive } from './archive';
import type { Skipped } from './dataset';
import { isImage, isJunk } from './paths';
import { gunzip, openTar } from './tar';
import { reasonOf } from './text';
import { openZip } from './zip';

/** All files of what was given, archives in it opened, leftovers of systems left out. */
export interface ImportFiles {
  name: string;
  /** Pictures by their names, in code point order of paths. */
  images: string[];
  /** All other files. */
  others: string[];
  /** Some of it comes from a tar. */
  hasTar: boolean;
  /** What could not be opened on the way. */
  skipped: Skipped[];
  open(path: string): Promise<Blob>;
}

type Openers = Map<string, () => Promise<Blob | undefined>>;

/** What is learnt on the way through archives. */
interface Found {
  hasTar: boolean;
  skipped: Skipped[];
  signal?: AbortSignal;
}

const archiveExtension = /\.(zip|tar|tar\.gz|tgz)$/i;
/** An archive may lie in an archive in an archive; deeper ones are somebody's joke. */
const maxDepth = 3;

/**
 * Lists a folder. An archive that lies alone stands for what is in it; any other one becomes a folder of its name, in
 * which files that lie unpacked beside it count before its own. Throws InputError where a lone archive can't be read.
 */
export async function listFiles(folder: Folder, signal?: AbortSignal): Promise<ImportFiles> {
  const paths = (await folder.paths()).filter((path) => !isJunk(path));
  const given: Openers = new Map(paths.map((path) => [path, () => folder.open(path)]));
  const found: Found = { hasTar: false, skipped: [], signal };
  const openers = await unpackArchives(given, '', maxDepth, found);
  const all = [...openers.keys()].sort();
  return {
    name: folder.name,
    images: all.filter(isImage),
    others: all.filter((path) => !isImage(path)),
    hasTar: found.hasTar,
    skipped: found.skipped,
    open: (path) => openOrThrow(openers, path),
  };
}

/** These files, which lie at `prefix`, with what is in archives among them, `depth` archives deep. */
async function unpackArchives(files: Openers, prefix: string, depth: number, found: Found): Promise<Openers> {
  const archives = [...files.keys()].filter((path) => archiveExtension.test(path));
  const isAlone = archives.length === 1 && files.size === 1;
  const unpacked: Openers = new Map([...files].filter(([path]) => !archiveExtension.test(path)));
  for (const path of archives) {
    found.signal?.throwIfAborted();
    const folder = isAlone ? '' : `${path.replace(archiveExtension, '')}/`;
    try {
      if (depth === 0) throw new Error('it lies too deep, an archive in archives; unpack it');
      const archive = await openArchive(await openOrThrow(files, path), path);
      found.hasTar ||= !/\.zip$/i.test(path);
      for (const { file, reason } of archive.skipped) {
        found.skipped.push({ file: prefix + folder + file, reason });
      }
      const inner = await unpackArchives(archive.entries, prefix + folder, depth - 1, found);
      for (const [innerPath, open] of inner) {
        if (!unpacked.has(folder + innerPath)) unpacked.set(folder + innerPath, open);
      }
    } catch (error) {
      found.signal?.throwIfAborted();
      if (isAlone) throw new InputError(`${reasonOf(error)}.`);
      found.skipped.push({ file: prefix + path, reason: reasonOf(error) });
    }
  }
  return unpacked;
}

async function openArchive(file: Blob, path: string): Promise<Archive> {
  if (/\.zip$/i.test(path)) return openZip(file, path);
  return openTar(/gz$/i.test(path) ? await gunzip(file, path) : file, path);
}

async function openOrThrow(openers: Openers, path: string): Promise<Blob> {
  const file = await openers.get(path)?.();
  if (!file) throw new Error('it is no longer there');
  return file;
}
