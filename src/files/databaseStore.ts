import { createStore, del, get, keys, promisifyRequest, set } from 'idb-keyval';
import { originRoom } from './originStore';
import type { FileStore } from './storage';

/** Files in IndexedDB, for browsers without an origin private file system, as WebKitGTK; each is in memory while it is written. */
export function databaseStore(name: string): FileStore {
  const database = createStore(name, 'files');
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
