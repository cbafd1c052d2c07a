import { type Folder, InputError, type OnProgress } from '../../files/folder';
import type { Skipped } from '../dataset';
import { isImage, isJunk } from '../paths';
import { reasonOf } from '../text';
import type { Archive, FileEntry } from './archive';
import { foreignArchive, foreignPictures } from './foreign';
import { gunzip, openTar } from './tar';
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
  /** A file's bytes, not to be kept; for the many small files of an archive, in its order, far cheaper than `open`. */
  read(path: string): Promise<Uint8Array>;
}

export interface ListOptions {
  onProgress?: OnProgress;
  signal?: AbortSignal;
}

type Entries = Map<string, FileEntry>;

/** What is learnt on the way through archives. */
interface Found extends ListOptions {
  hasTar: boolean;
  unpackedBytes: number;
  files: number;
  skipped: Skipped[];
}

const archiveExtension = /\.(zip|tar|tar\.gz|tgz)$/i;
/** An archive may lie in an archive in an archive; deeper ones are somebody's joke. */
const maxDepth = 3;
/** Archives packed in archives are unpacked in memory; so much all of them together may take. */
const maxUnpackedBytes = 2 ** 31;
/** In all archives together. */
const maxFiles = 5e6;

/**
 * Lists a folder. An archive that lies alone stands for what is in it; any other one becomes a folder of its name, in
 * which files that lie unpacked beside it count before its own. Throws InputError where a lone archive can't be read.
 */
export async function listFiles(folder: Folder, options: ListOptions = {}): Promise<ImportFiles> {
  const paths = (await folder.paths()).filter((path) => !isJunk(path));
  const given: Entries = new Map(paths.map((path) => [path, new GivenFile(folder, path)]));
  const found: Found = { ...options, hasTar: false, unpackedBytes: 0, files: 0, skipped: [] };
  const entries = await unpackArchives(given, '', maxDepth, found);
  const all = [...entries.keys()].sort();
  for (const file of all) {
    const reason = foreignArchive(file);
    if (reason) found.skipped.push({ file, reason });
  }
  const images = all.filter(isImage);
  const others = all.filter((path) => !isImage(path));
  found.skipped.push(...foreignPictures(others, images));
  return {
    name: folder.name,
    images,
    others,
    hasTar: found.hasTar,
    skipped: found.skipped,
    open: (path) => entryOf(entries, path).open(),
    read: (path) => entryOf(entries, path).read(),
  };
}

/** A table that is packed by itself, as logs and exports are: `captions.jsonl.gz`. */
const packedTable = /\.(csv|tsv|jsonl|ndjson|json|txt)\.gz$/i;

class PackedFile implements FileEntry {
  constructor(
    private readonly packed: FileEntry,
    private readonly path: string,
  ) {}

  async open(): Promise<Blob> {
    const file = await this.packed.open();
    return gunzip(file, this.path).catch((error) => {
      throw new Error(reasonOf(error));
    });
  }

  async read(): Promise<Uint8Array> {
    return new Uint8Array(await (await this.open()).arrayBuffer());
  }
}

class GivenFile implements FileEntry {
  constructor(
    private readonly folder: Folder,
    private readonly path: string,
  ) {}

  async open(): Promise<Blob> {
    const file = await this.folder.open(this.path);
    if (!file) throw new Error('it is no longer there');
    return file;
  }

  async read(): Promise<Uint8Array> {
    return new Uint8Array(await (await this.open()).arrayBuffer());
  }
}

/** These files, which lie at `prefix`, with what is in archives among them, `depth` archives deep. */
async function unpackArchives(files: Entries, prefix: string, depth: number, found: Found): Promise<Entries> {
  const archives = [...files.keys()].filter((path) => archiveExtension.test(path));
  const isAlone = archives.length === 1 && files.size === 1;
  const unpacked: Entries = new Map([...files].filter(([path]) => !archiveExtension.test(path)));
  for (const [path, packed] of [...unpacked].filter(([one]) => packedTable.test(one))) {
    unpacked.delete(path);
    const own = path.replace(/\.gz$/i, '');
    if (!unpacked.has(own)) unpacked.set(own, new PackedFile(packed, prefix + path));
  }
  for (const path of archives) {
    found.signal?.throwIfAborted();
    const folder = isAlone ? '' : `${path.replace(archiveExtension, '')}/`;
    try {
      if (depth === 0) throw new Error('it lies too deep, an archive in archives; unpack it');
      const packed = entryOf(files, path);
      found.unpackedBytes += packed.unpackedBytes ?? 0;
      if (found.unpackedBytes > maxUnpackedBytes)
        throw new Error('with it, the archives in archives are over 2 GB when unpacked; unpack it');
      const archive = await openArchive(await packed.open(), path, found);
      found.files += archive.entries.size;
      if (found.files > maxFiles)
        throw new Error('with it, there are over 5 million files; give fewer at a time');
      found.hasTar ||= !/\.zip$/i.test(path);
      if (archive.damage) found.skipped.push({ file: prefix + path, reason: archive.damage });
      for (const { file, reason } of archive.skipped) {
        found.skipped.push({ file: prefix + folder + file, reason });
      }
      const inner = await unpackArchives(archive.entries, prefix + folder, depth - 1, found);
      for (const [innerPath, entry] of inner) {
        if (!unpacked.has(folder + innerPath)) unpacked.set(folder + innerPath, entry);
      }
    } catch (error) {
      found.signal?.throwIfAborted();
      if (isAlone) throw new InputError(`${reasonOf(error)}.`);
      found.skipped.push({ file: prefix + path, reason: reasonOf(error) });
    }
  }
  return unpacked;
}

async function openArchive(file: Blob, path: string, { signal, onProgress }: ListOptions): Promise<Archive> {
  if (/\.zip$/i.test(path)) return openZip(file, path);
  // People name packed tars .tar, and others .tgz.
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const isPacked = first === 0x1f && second === 0x8b;
  const tar = isPacked ? await gunzip(file, path, signal) : file;
  const total = megabytes(tar.size);
  return openTar(tar, path, {
    signal,
    onProgress: (bytes) =>
      onProgress?.({ label: `listing ${path}`, done: megabytes(bytes), total, unit: 'MB' }),
  });
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}

function entryOf(entries: Entries, path: string): FileEntry {
  const entry = entries.get(path);
  if (!entry) throw new Error('it is not there');
  return entry;
}
