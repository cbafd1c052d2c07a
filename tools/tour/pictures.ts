import { zipSync } from 'fflate';
import sharp from 'sharp';

const EACH = 24;
const shapes = {
  circles: '<circle cx="32" cy="32" r="RADIUS" fill="COLOUR"/>',
  squares: '<rect x="8" y="8" width="RADIUS" height="RADIUS" fill="COLOUR"/>',
};

const draw = (shape: string, i: number): Promise<Buffer> =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="white"/>${shape
        .replaceAll('RADIUS', String(12 + (i % 16)))
        .replace('COLOUR', `hsl(${i * 37} 70% 45%)`)}</svg>`,
    ),
  )
    .resize(64)
    .png()
    .toBuffer();

/** A person's own pictures: a zip with a folder a class. */
export async function ownPictures(): Promise<Buffer> {
  const files: Record<string, Uint8Array> = {};
  for (const [name, shape] of Object.entries(shapes))
    for (let i = 0; i < EACH; i++) files[`${name}/${i}.png`] = await draw(shape, i);
  return Buffer.from(zipSync(files));
}

export const onePicture = (): Promise<Buffer> => draw(shapes.circles, 3);
