import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { FileStore } from '../files/storage';
import type { RemoteOptions } from '../hub/model';
import { diskFile } from './disk';

/**
 * Downloads go to `$XDG_CACHE_HOME/clip-distillery`, else `~/.cache/clip-distillery`. A mirror is named by `HF_ENDPOINT`
 * and an access token by `HF_TOKEN`, as for `huggingface_hub`.
 */
export function remoteOptions(): RemoteOptions {
  const { XDG_CACHE_HOME, HF_ENDPOINT, HF_TOKEN } = process.env;
  const caches = XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
  return {
    store: diskStore(path.join(caches, 'clip-distillery')),
    endpoint: HF_ENDPOINT || undefined,
    token: HF_TOKEN || undefined,
  };
}

/** Downloads in a folder on disk, which is made with the first of them. */
export function diskStore(folder: string): FileStore {
  const at = (name: string) => path.join(folder, name);
  return {
    async open(name) {
      return (await fs.stat(at(name)).catch(noneWhereMissing)) && diskFile(at(name));
    },
    async append(name, keep) {
      await fs.mkdir(folder, { recursive: true });
      const file = await fs.open(at(name), fs.constants.O_RDWR | fs.constants.O_CREAT);
      await file.truncate(keep);
      let position = keep;
      return {
        async write(bytes) {
          for (let from = 0; from < bytes.length; ) {
            const { bytesWritten } = await file.write(bytes, from, bytes.length - from, position);
            from += bytesWritten;
            position += bytesWritten;
          }
        },
        async close() {
          await file.sync();
          await file.close();
        },
      };
    },
    remove: (name) => fs.rm(at(name), { force: true }),
    rename: (name, to) => fs.rename(at(name), at(to)),
    names: async () => (await fs.readdir(folder).catch(noneWhereMissing)) ?? [],
    async room() {
      const stat = await fs.statfs(folder).catch(noneWhereMissing);
      return stat && stat.bavail * stat.bsize;
    },
  };
}

function noneWhereMissing(error: unknown): undefined {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
