/** The bytes [start, start + length) of a file, fewer where it ends before; not to be kept, for they lie in a larger buffer. */
export type ReadBytes = (start: number, length: number) => Promise<Uint8Array<ArrayBuffer>>;

const smallestWindow = 2 ** 12;
const largestWindow = 2 ** 18;

/**
 * Reads small pieces of a file. While they follow each other closely, ever more is read at once, so that many small
 * files cost few reads; a jump over something large begins small again, so that what lies between is not read.
 */
export function windowReader(file: Blob): ReadBytes {
  // The last two: who reads a header and then what it tells of is sometimes a little behind the others.
  let windows: { start: number; bytes: Uint8Array<ArrayBuffer> }[] = [];
  let reach = smallestWindow;
  let last: Promise<unknown> = Promise.resolve();

  async function read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    for (const { start: from, bytes } of windows) {
      if (start >= from && start + length <= from + bytes.length)
        return bytes.subarray(start - from, start - from + length);
    }
    const latest = windows[0];
    const end = latest ? latest.start + latest.bytes.length : 0;
    reach = Math.abs(start - end) <= reach ? Math.min(reach * 2, largestWindow) : smallestWindow;
    const slice = file.slice(start, start + Math.max(length, reach));
    const bytes = new Uint8Array(await slice.arrayBuffer());
    if (length <= largestWindow) windows = [{ start, bytes }, ...windows.slice(0, 1)];
    return bytes.subarray(0, length);
  }

  // One after the other, so that readers who ask at the same time use the same window.
  return (start, length) => {
    const bytes = last.then(() => read(start, length));
    last = bytes.catch(() => {});
    return bytes;
  };
}
