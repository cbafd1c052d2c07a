import type { RgbImage } from '../../clip/image';
import { decodeWithHeic } from './decodeWithHeic';

/** HEIC, which most browsers show no image of, as a JPEG. */
export async function heicAsJpeg(file: Blob, path: string): Promise<Blob> {
  return asJpeg(await decodeWithHeic(file, path));
}

function asJpeg({ width, height, data }: RgbImage): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const pixels = new ImageData(width, height);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    pixels.data.set(data.subarray(from, from + 3), to);
    pixels.data[to + 3] = 255;
  }
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
  return canvas.convertToBlob({ type: 'image/jpeg' });
}
