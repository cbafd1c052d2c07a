import { createStore, del, get, keys, promisifyRequest, set, type UseStore } from 'idb-keyval';
import { originRoom } from './originStore';
import type { FileStore } from './storage';

/**
 * Files in IndexedDB, for browsers without an origin private file system, as WebKitGTK, which stores no Blob: each is in
 * memory while it is written. Undefined where there is none.
 */
export async function databaseStore(name: string): Promise<FileStore | undefined> {
  try {
    const database = createStore(name, 'files');
    await keys(database);
    return filesIn(database);
  } catch {
    return undefined;
  }
}

function filesIn(database: UseStore): FileStore {
  return {
    async open(file) {
      const bytes = await get<Uint8Array<ArrayBuffer>>(file, database);
      return bytes && new Blob([bytes]);
    },
    async append(file, keep) {
      const before = await get<Uint8Array<ArrayBuffer>>(file, database);
      const parts: BlobPart[] = before ? [before.subarray(0, keep)] : [];
      return {
        async write(bytes) {
          parts.push(bytes.slice());
        },
        close: async () => set(file, new Uint8Array(await new Blob(parts).arrayBuffer()), database),
      };
    },
    remove: (file) => del(file, database),
    rename: (file, to) =>
      database('readwrite', (files) => {
        const reading = files.get(file);
        reading.onsuccess = () => {
          files.put(reading.result, to);
          files.delete(file);
        };
        return promisifyRequest(files.transaction);
      }),
    names: () => keys<string>(database),
    room: originRoom,
  };
}
