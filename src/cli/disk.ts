import { openAsBlob } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { type Folder, InputError, MachineError } from '../files/folder';
import { RangeBlob } from '../files/rangeBlob';

/** Node 20 counts the bytes of a Blob with 32 bits and loses the rest. */
const nodeBlobLimit = 2 ** 31;

/** A folder on disk. Throws InputError where there is none. */
export async function diskFolder(root: string): Promise<Folder> {
  if (!(await statOf(root)).isDirectory()) {
    throw new InputError(`${root} is a file; a folder would be right.`);
  }
  return {
    name: path.normalize(root).replace(/[\\/]+$/, ''),
    paths: async () => (await filesBelow(root, '', new Set())).sort(),
    async open(relative) {
      const file = path.join(root, relative);
      const stat = await fs.stat(file).catch(() => undefined);
      return stat?.isFile() ? openFile(file, stat) : undefined;
    },
  };
}

/** A file on disk; its bytes are read when asked for. Throws InputError where there is none. */
export async function diskFile(file: string): Promise<Blob> {
  const stat = await statOf(file);
  if (!stat.isFile()) throw new InputError(`${file} is a folder; a file would be right.`);
  return openFile(file, stat);
}

export async function isFolder(place: string): Promise<boolean> {
  return (await statOf(place)).isDirectory();
}

/**
 * Makes a folder where there is none, and those above it.
 *
 * @throws InputError where nothing can be written into it
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await fs.mkdir(folder, { recursive: true });
    await fs.access(folder, fs.constants.W_OK);
  } catch (error) {
    throw notWritten(folder, error);
  }
}

/** Writes a file, making the folders above it: beside its place first, so that it is there whole or not at all. */
export async function writeToDisk(file: string, contents: Uint8Array | string): Promise<void> {
  const part = `${file}.part`;
  try {
    await fs.mkdir(path.dirname(file), { recursive: true });
    // What lies there may be a link to elsewhere.
    await fs.rm(part, { force: true });
    await fs.writeFile(part, contents, { flag: 'wx' });
    await fs.rename(part, file);
  } catch (error) {
    throw notWritten(file, error);
  }
}

/** Why a place could not be written to, in a sentence: a full disk is the machine's fault. */
export function notWritten(place: string, error: unknown): Error {
  const message = `${place} can't be written: ${reasonOf(error)}.`;
  return ['ENOSPC', 'EDQUOT'].includes(codeOf(error)) ? new MachineError(message) : new InputError(message);
}

async function openFile(file: string, { size }: { size: number }): Promise<Blob> {
  try {
    return size < nodeBlobLimit
      ? await openAsBlob(file)
      : new RangeBlob((start, end) => readRange(file, start, end), 0, size);
  } catch (error) {
    throw new InputError(`${file} can't be read: ${reasonOf(error)}.`);
  }
}

async function readRange(file: string, start: number, end: number): Promise<ArrayBuffer> {
  const handle = await fs.open(file);
  try {
    const buffer = new ArrayBuffer(end - start);
    const { bytesRead } = await handle.read(new Uint8Array(buffer), 0, end - start, start);
    if (bytesRead < end - start) throw new Error(`${file} has become shorter`);
    return buffer;
  } finally {
    await handle.close();
  }
}

async function statOf(place: string) {
  try {
    return await fs.stat(place);
  } catch (error) {
    throw new InputError(`${place} can't be opened: ${reasonOf(error)}.`);
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

const reasons: Record<string, string> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the disk can only be read',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full',
  ENOTDIR: 'a file stands in its path where a folder should be',
  EEXIST: 'a file stands in its path where a folder should be',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
};

function reasonOf(error: unknown): string {
  return reasons[codeOf(error)] ?? (error instanceof Error ? error.message : String(error));
}

/** All files below a folder, links followed, relative to `root`. `above` guards against links to a folder above. */
async function filesBelow(root: string, relative: string, above: ReadonlySet<string>): Promise<string[]> {
  const { here, entries } = await entriesOf(path.join(root, relative));
  if (above.has(here)) return [];
  const found = await Promise.all(
    entries.map(async (entry) => {
      const entryPath = relative ? `${relative}/${entry.name}` : entry.name;
      const target = entry.isSymbolicLink()
        ? await fs.stat(path.join(root, entryPath)).catch(() => undefined)
        : entry;
      if (target?.isDirectory()) return filesBelow(root, entryPath, new Set([...above, here]));
      return target?.isFile() ? [entryPath] : [];
    }),
  );
  return found.flat();
}

/** What lies in a folder. Throws InputError where it can't be opened: one that is not listed would be missed silently. */
async function entriesOf(folder: string) {
  try {
    const here = await fs.realpath(folder);
    return { here, entries: await fs.readdir(here, { withFileTypes: true }) };
  } catch (error) {
    const reason = folder.includes('\ufffd') ? 'its name is not in UTF-8; rename it' : reasonOf(error);
    throw new InputError(`${folder} can't be opened: ${reason}.`);
  }
}
