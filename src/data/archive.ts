import type { Skipped } from './dataset';
import { isJunk, normalisePath } from './paths';

/** Opens one file of an archive; throws an Error whose message is the reason for skipping it. */
export type ArchiveEntry = () => Promise<Blob>;

/** The files in an archive by path, and what in it can't be used. */
export interface Archive {
  entries: Map<string, ArchiveEntry>;
  skipped: Skipped[];
}

/**
 * Enters one file into an archive's listing, or into its skipped ones: where `refusal` gives a reason, where its
 * path leads out of the archive, where the path was there before (the later one counts, as when unpacking).
 */
export function addEntry(archive: Archive, rawPath: string, entry: ArchiveEntry, refusal?: string): void {
  const path = rawPath.replaceAll('\\', '/');
  const leadsOut = path.startsWith('/') || /^[a-z]:/i.test(path) || path.split('/').includes('..');
  const reason = leadsOut ? 'its path leads out of the archive' : refusal;
  const inside = leadsOut ? path : (normalisePath(path) ?? path);
  if (!leadsOut && isJunk(inside)) return;
  if (reason) {
    archive.skipped.push({ file: inside, reason });
    return;
  }
  if (archive.entries.has(inside)) {
    archive.skipped.push({ file: inside, reason: 'the archive holds it twice; the later one is used' });
  }
  archive.entries.set(inside, entry);
}

/** Bytes of a file; throws a RangeError where it ends before them. */
export async function readBytes(file: Blob, start: number, length: number): Promise<DataView> {
  const buffer = await file.slice(start, start + length).arrayBuffer();
  if (start < 0 || buffer.byteLength < length) throw new RangeError('the file ends too early');
  return new DataView(buffer);
}
