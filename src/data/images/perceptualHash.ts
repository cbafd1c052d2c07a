import type { RgbImage } from '../../clip/image';

const places = 8;
const colourPlaces = 4;
/** Decoders differ by a grey level or so; below this an area counts as even. */
const leastStep = 2;

/**
 * The difference hash of a picture (N. Krawetz, "Kind of Like That", 2013): in 8 × 8 places, whether it is darker there
 * than a place to the right. 64 bits as 16 hexadecimal digits; all zeros for one without structure. Pictures that are
 * resized, compressed or slightly retouched keep nearly all bits.
 */
export function perceptualHash(image: RgbImage): string {
  let hash = '';
  for (let row = 0; row < places; row++) {
    const greys = Array.from({ length: places + 1 }, (_, column) => meanGrey(image, column, row));
    let bits = 0;
    for (let i = 0; i < places; i++) bits = bits * 2 + (greys[i + 1] - greys[i] >= leastStep ? 1 : 0);
    hash += bits.toString(16).padStart(2, '0');
  }
  return hash;
}

/**
 * The mean colours of 4 × 4 parts of a picture, rows from the top, RGB: 48 numbers, 0..255. What looks alike in grey may
 * be a red thing and a blue one.
 */
export function meanColours(image: RgbImage): Uint8Array {
  const colours: number[] = [];
  for (let row = 0; row < colourPlaces; row++)
    for (let column = 0; column < colourPlaces; column++)
      colours.push(...meanColour(image, [column, colourPlaces], [row, colourPlaces]).map(Math.round));
  return Uint8Array.from(colours);
}

/** Mean luma (ITU-R BT.601), 0..255, of one of 9 × 8 parts of a picture. */
function meanGrey(image: RgbImage, column: number, row: number): number {
  const [red, green, blue] = meanColour(image, [column, places + 1], [row, places]);
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

type Part = [index: number, parts: number];

/** Mean red, green and blue, 0..255, of a part of a picture, at least a pixel. */
function meanColour({ width, height, data }: RgbImage, column: Part, row: Part): number[] {
  const [left, right] = part(column, width);
  const [top, bottom] = part(row, height);
  let [red, green, blue] = [0, 0, 0];
  for (let y = top; y < bottom; y++) {
    for (let at = (y * width + left) * 3; at < (y * width + right) * 3; at += 3) {
      red += data[at];
      green += data[at + 1];
      blue += data[at + 2];
    }
  }
  return [red, green, blue].map((sum) => sum / ((bottom - top) * (right - left)));
}

function part([index, parts]: Part, length: number): [start: number, end: number] {
  const start = Math.floor((index * length) / parts);
  return [start, Math.max(start + 1, Math.floor(((index + 1) * length) / parts))];
}
