/** A decoded picture: 8-bit RGB, interleaved, rows from the top, transparency already laid over white. */
export interface RgbImage {
  width: number;
  height: number;
  data: Uint8Array;
}

/**
 * Lays a picture over white: (a·c + (255 − a)·255 + 127) div 255.
 *
 * @param rgba 8 bits a channel, colours not multiplied by alpha
 */
export function overWhite(rgba: Uint8Array | Uint8ClampedArray, width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < data.length; from += 4, to += 3) {
    const alpha = rgba[from + 3];
    const white = (255 - alpha) * 255 + 127;
    data[to] = (alpha * rgba[from] + white) / 255;
    data[to + 1] = (alpha * rgba[from + 1] + white) / 255;
    data[to + 2] = (alpha * rgba[from + 2] + white) / 255;
  }
  return { width, height, data };
}

/** RGB as a canvas takes it, opaque. */
export function toRgba(rgb: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray((rgb.length / 3) * 4).fill(255);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4)
    rgba.set(rgb.subarray(from, from + 3), to);
  return rgba;
}
