import type { Skipped } from '../dataset';
import { isJunk, normalisePath } from '../paths';

/** One file of an archive or a folder; both methods throw an Error whose message is the reason for skipping it. */
export interface FileEntry {
  /** Bytes that opening it takes in memory, where it is packed. */
  readonly unpackedBytes?: number;
  open(): Promise<Blob>;
  /** Its bytes, not to be kept. For small files, in the archive's order, this is far cheaper than a Blob for each. */
  read(): Promise<Uint8Array>;
}

/** The files in an archive by path, and what in it can't be used. */
export interface Archive {
  entries: Map<string, FileEntry>;
  skipped: Skipped[];
  /** What is wrong with the archive itself, where files of it are lost. */
  damage?: string;
}

/**
 * Enters one file into an archive's listing, or into its skipped ones: where `refusal` gives a reason, where its
 * path leads out of the archive, where the path was there before (the later one counts, as when unpacking).
 */
export function addEntry(archive: Archive, rawPath: string, entry: FileEntry, refusal?: string): void {
  const path = rawPath.replaceAll('\\', '/');
  const leadsOut = path.startsWith('/') || /^[a-z]:/i.test(path) || path.split('/').includes('..');
  const inside = leadsOut ? path : (normalisePath(path) ?? path);
  if (!leadsOut && isJunk(inside)) return;
  const reason = leadsOut ? 'its path leads out of the archive' : refusal;
  if (reason || inside === '') {
    archive.skipped.push({ file: inside || '(without a name)', reason: reason ?? 'it has no name' });
    return;
  }
  if (archive.entries.has(inside)) {
    archive.skipped.push({ file: inside, reason: 'the archive holds it twice; the later one is used' });
  }
  archive.entries.set(inside, entry);
}
