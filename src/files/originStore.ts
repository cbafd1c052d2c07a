import { InputError } from './folder';
import type { FileAppender, FileStore } from './storage';

declare global {
  interface FileSystemFileHandle {
    /** Not yet in TypeScript's own types. */
    move(name: string): Promise<void>;
  }
}

/** A folder of the origin private file system; undefined where the browser gives none, or none to write into. */
export async function originFolder(name: string): Promise<FileStore | undefined> {
  try {
    if (!('move' in FileSystemFileHandle.prototype)) return undefined;
    const root = await globalThis.navigator.storage.getDirectory();
    return folderStore(await root.getDirectoryHandle(name, { create: true }));
  } catch {
    return undefined;
  }
}

function folderStore(folder: FileSystemDirectoryHandle): FileStore {
  return {
    async open(name) {
      const handle = await folder.getFileHandle(name).catch(noneWhere('NotFoundError'));
      return handle?.getFile();
    },
    async append(name, keep) {
      const handle = await folder.getFileHandle(name, { create: true });
      const access = await handle.createSyncAccessHandle().catch((error) => {
        if (!isNamed(error, 'NoModificationAllowedError')) throw error;
        throw new InputError('Another tab is downloading this model: wait for it, or close it.');
      });
      access.truncate(keep);
      return appender(access, keep);
    },
    async remove(name) {
      await folder.removeEntry(name).catch(noneWhere('NotFoundError'));
    },
    async rename(name, to) {
      await (await folder.getFileHandle(name)).move(to);
    },
    async names() {
      const names: string[] = [];
      for await (const name of folder.keys()) names.push(name);
      return names;
    },
    room: originRoom,
  };
}

/** Bytes that the browser still lets this page store; undefined where it does not tell. */
export async function originRoom(): Promise<number | undefined> {
  const { quota, usage } = (await navigator.storage?.estimate()) ?? {};
  return quota === undefined || usage === undefined ? undefined : Math.max(0, quota - usage);
}

function appender(access: FileSystemSyncAccessHandle, start: number): FileAppender {
  let at = start;
  return {
    async write(bytes) {
      const written = access.write(bytes, { at });
      // Older browsers write what fits and say nothing.
      if (written < bytes.length) throw new DOMException('The storage is full.', 'QuotaExceededError');
      at += written;
    },
    async close() {
      access.flush();
      access.close();
    },
  };
}

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;

const noneWhere = (name: string) => (error: unknown) => {
  if (!isNamed(error, name)) throw error;
  return undefined;
};
