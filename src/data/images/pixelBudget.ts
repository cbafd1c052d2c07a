/** Decoded, so many pixels take some 700 MB. */
const mostPixels = 100e6;

/** What a picture counts as whose size nobody knows before it is decoded. */
const unknownPixels = 25e6;

/**
 * Lets pictures be decoded at the same time only while all of them together have at most 100 megapixels, since a small
 * file may unpack to that many. Others wait; a larger one is decoded alone.
 */
export function pixelBudget(): <T>(pixels: number | undefined, decode: () => Promise<T>) => Promise<T> {
  let inUse = 0;
  let waiting: (() => void)[] = [];
  return async (pixels = unknownPixels, decode) => {
    while (inUse > 0 && inUse + pixels > mostPixels)
      await new Promise<void>((resolve) => waiting.push(resolve));
    inUse += pixels;
    try {
      return await decode();
    } finally {
      inUse -= pixels;
      const all = waiting;
      waiting = [];
      for (const goOn of all) goOn();
    }
  };
}
