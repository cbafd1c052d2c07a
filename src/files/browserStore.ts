import { databaseStore } from './databaseStore';
import { memoryStore } from './memoryStore';
import { originFolder } from './originStore';
import type { FileStore } from './storage';

/**
 * Files of this page that are there at its next visit: in the origin private file system, which a dedicated worker has,
 * else in IndexedDB; in memory, and until the worker ends, where the browser gives neither, as some in private windows.
 */
export const browserStore = async (name: string): Promise<FileStore> =>
  (await originFolder(name)) ?? (await databaseStore(name)) ?? memoryStore();

let downloads: Promise<FileStore> | undefined;

/** This page's downloads. */
export function downloadStore(): Promise<FileStore> {
  downloads ??= browserStore('clip-distillery');
  return downloads;
}
