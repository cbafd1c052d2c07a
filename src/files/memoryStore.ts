import type { FileStore } from './storage';

/** A store that is gone with the process. */
export function memoryStore(): FileStore {
  const files = new Map<string, Blob>();
  return {
    open: async (name) => files.get(name),
    async append(name, keep) {
      const parts: BlobPart[] = [(files.get(name) ?? new Blob()).slice(0, keep)];
      files.set(name, new Blob(parts));
      return {
        async write(bytes) {
          parts.push(bytes.slice());
        },
        async close() {
          files.set(name, new Blob(parts));
        },
      };
    },
    async remove(name) {
      files.delete(name);
    },
    async rename(name, to) {
      const file = files.get(name);
      if (file) files.set(to, file);
      files.delete(name);
    },
    names: async () => [...files.keys()],
    room: async () => undefined,
  };
}
