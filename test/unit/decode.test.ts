import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/cli/decode';

const red = { width: 20, height: 10, channels: 3, background: '#d02020' } as const;

async function decode(image: Sharp | Uint8Array | string, name = 'image.png') {
  const content = typeof image === 'object' && 'toBuffer' in image ? await image.toBuffer() : image;
  return decodeImage(new Blob([typeof content === 'string' ? content : new Uint8Array(content)]), name);
}

const svg = (inside: string, attributes = 'width="20" height="10"') =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${attributes}>${inside}</svg>`;

describe('sizes and kinds', () => {
  it.each<[string, () => Promise<Uint8Array | string> | string]>([
    [
      'a pixel',
      async () =>
        sharp({ create: { ...red, width: 1, height: 1 } })
          .png()
          .toBuffer(),
    ],
    [
      'a long line',
      async () =>
        sharp({ create: { ...red, width: 20_000, height: 1 } })
          .png()
          .toBuffer(),
    ],
    ['print colours', async () => sharp({ create: red }).toColourspace('cmyk').jpeg().toBuffer()],
    ['16 bits', async () => sharp({ create: red }).toColourspace('rgb16').png().toBuffer()],
    ['a drawing', () => svg('<rect width="20" height="10" fill="#d02020"/>')],
  ])('decodes %s', async (_, make) => {
    const { width, height, data } = await decode(await make(), 'wrong extension.gif');
    expect(data).toHaveLength(width * height * 3);
    expect(data[0]).toBeGreaterThan(190);
    expect(data[1]).toBeLessThan(60);
  });

  it('takes the first frame of an animation', async () => {
    const frames = Buffer.concat([Buffer.alloc(4 * 4 * 3, 255), Buffer.alloc(4 * 4 * 3, 0)]);
    const gif = await sharp(frames, { raw: { width: 4, height: 8, channels: 3, pageHeight: 4 } })
      .gif({ delay: [100, 100] })
      .toBuffer();
    const { height, data } = await decode(gif, 'a.gif');
    expect(height).toBe(4);
    expect(data[0]).toBe(255);
  });

  it('refuses by name what browsers do not read, so that the page and the command line see the same', async () => {
    const tiff = await sharp({ create: red }).tiff().toBuffer();
    await expect(decode(tiff, 'a.jpg')).rejects.toThrow(
      'it is TIFF, which browsers do not read; save it as PNG',
    );
  });

  it("decodes a phone's HEIC, whatever it is called, and names one that is damaged", async () => {
    const heic = await readFile('test/fixtures/pattern.heic');
    const { width, height, data } = await decode(heic, 'IMG_1.jpg');
    expect([width, height]).toEqual([64, 48]);
    // Red grows to the right, green downwards, blue in squares of 8.
    const at = (x: number, y: number) => data.subarray((y * 64 + x) * 3, (y * 64 + x) * 3 + 3);
    for (const [x, y] of [
      [4, 4],
      [60, 4],
      [4, 44],
      [28, 20],
    ]) {
      const [red, green, blue] = at(x, y);
      expect(Math.abs(red - 4 * x)).toBeLessThan(24);
      expect(Math.abs(green - 5 * y)).toBeLessThan(24);
      expect(Math.abs(blue - (((x >> 3) + (y >> 3)) & 1 ? 128 : 30))).toBeLessThan(40);
    }
    for (const bytes of [heic.subarray(0, 500), Buffer.from('....ftypheic....mif1heic')])
      await expect(decode(bytes, 'a.heic')).rejects.toThrow('it is HEIC, but damaged or cut short');
  });

  it('refuses what is too large by its header', async () => {
    const huge = Buffer.from(await sharp({ create: red }).png().toBuffer());
    huge.writeUInt32BE(20_000, 16);
    huge.writeUInt32BE(20_000, 20);
    await expect(decode(huge)).rejects.toThrow(
      'it is too large: 20,000 × 20,000 pixels, at most 100 megapixels; scale it down',
    );
    await expect(decode(svg('', 'width="1e6" height="1e6"'), 'a.svg')).rejects.toThrow(/too large/);
    await expect(decode('')).rejects.toThrow('the file is empty');
  });
});

describe('hostile drawings', () => {
  it('fetches nothing from outside and runs nothing', async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked++;
      response.end();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const web = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.png`;
    const disk = path.resolve('test/fixtures/reference/data/000.png');
    const places = [web, `file://${disk}`, disk];
    const inside = places
      .map((place) => `<image xlink:href="${place}" href="${place}" width="20" height="10"/>`)
      .join('');
    const style = `<style>@import url("${web}"); rect { fill: url("${web}#a") }</style>`;
    const script = `<script>fetch("${web}")</script><foreignObject width="9" height="9"><iframe xmlns="http://www.w3.org/1999/xhtml" src="${web}"/></foreignObject>`;
    const { data } = await decode(svg(style + inside + script), 'a.svg');
    server.close();
    expect(new Set(data)).toEqual(new Set([255]));
    expect(asked).toBe(0);
  });

  it.each([
    ['entities in entities', '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>', /entities/],
    ['entities from a file', '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>', /entities/],
    ['long entities', `<!DOCTYPE svg [<!ENTITY a "${'x'.repeat(5000)}">]>`, /entities/],
  ])('refuses %s', async (_, before, reason) => {
    await expect(decode(before + svg('<text y="9">&a;</text>'), 'a.svg')).rejects.toThrow(reason);
  });

  it('takes the entities that drawing programs declare', async () => {
    const before = '<!DOCTYPE svg [<!ENTITY ns_svg "http://www.w3.org/2000/svg">]>';
    expect((await decode(before + svg('<rect width="20" height="10"/>'), 'a.svg')).width).toBe(20);
  });

  it('does not choke on nesting', async () => {
    const depth = 50_000;
    const outcome = decode(svg('<g>'.repeat(depth) + '</g>'.repeat(depth)), 'a.svg').catch(
      (error) => error.message,
    );
    expect(await outcome).toBe('the image is damaged or cut short');
  });
});
