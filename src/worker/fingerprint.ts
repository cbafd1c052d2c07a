import type { DroppedFile } from './api';

/** Of larger drops, so many files are looked into, evenly spread. */
const MOST_FILES = 64;
/** Bytes from a file's beginning and end. */
const BYTES = 2 ** 16;

/**
 * Tells one drop from another: SHA-256 over the paths and sizes of its files and what they begin and end with, in
 * hexadecimal digits.
 */
export async function fingerprint(files: readonly DroppedFile[]): Promise<string> {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const stride = Math.max(1, sorted.length / MOST_FILES);
  const chosen = Array.from(
    { length: Math.min(sorted.length, MOST_FILES) },
    (_, i) => sorted[Math.floor(i * stride)],
  );
  const parts = chosen.flatMap(({ file }) => [
    file.slice(0, BYTES),
    file.slice(Math.max(BYTES, file.size - BYTES)),
  ]);
  const list = JSON.stringify(sorted.map(({ path, file }) => [path, file.size]));
  const hash = await crypto.subtle.digest('SHA-256', await new Blob([list, ...parts]).arrayBuffer());
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
