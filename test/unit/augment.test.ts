import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../src/clip/image';
import type { Preprocessor } from '../../src/clip/preprocess';
import { cropAndFlip, randomBox } from '../../src/data/augment';
import { ImageStore } from '../../src/data/images';
import { renderWith } from '../../src/data/render';
import { Random } from '../../src/files/random';

const preprocessor: Preprocessor = {
  resizeTo: { shortestEdge: 8 },
  size: 8,
  mean: [0, 0, 0],
  std: [1, 1, 1],
};

/** Red grows to the right, green downwards. */
function gradient(width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set([(255 * x) / width, (255 * y) / height, 0], (y * width + x) * 3);
  }
  return { width, height, data };
}

describe('randomBox', () => {
  it('lies in the image and keeps to area and shape', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 300 }),
        fc.integer(),
        (width, height, seed) => {
          const box = randomBox(width, height, new Random(seed));
          expect(box.left).toBeGreaterThanOrEqual(0);
          expect(box.top).toBeGreaterThanOrEqual(0);
          expect(box.width).toBeGreaterThanOrEqual(1);
          expect(box.height).toBeGreaterThanOrEqual(1);
          expect(box.left + box.width).toBeLessThanOrEqual(width);
          expect(box.top + box.height).toBeLessThanOrEqual(height);
        },
      ),
    );
    const boxes = Array.from({ length: 500 }, (_, seed) => randomBox(200, 200, new Random(seed)));
    const areas = boxes.map((box) => (box.width * box.height) / 200 ** 2);
    expect(Math.min(...areas)).toBeGreaterThan(0.49);
    expect(Math.min(...areas)).toBeLessThan(0.55);
    expect(Math.max(...areas)).toBeGreaterThan(0.9);
    const ratios = boxes.map(({ width, height }) => Math.abs(Math.log(width / height)));
    expect(Math.max(...ratios)).toBeLessThan(Math.log(4 / 3) + 0.02);
  });

  it('takes the middle of an image too long for any box', () => {
    expect(randomBox(1000, 30, new Random(1))).toEqual({ left: 480, top: 0, width: 40, height: 30 });
    expect(randomBox(30, 1000, new Random(1))).toEqual({ left: 0, top: 480, width: 30, height: 40 });
  });
});

describe('cropAndFlip', () => {
  it('is the same for the same key and mirrors half of them', () => {
    const image = gradient(40, 30);
    const crops = Array.from({ length: 200 }, (_, i) =>
      cropAndFlip(image, preprocessor, { seed: 1, epoch: 2, image: i }),
    );
    expect(cropAndFlip(image, preprocessor, { seed: 1, epoch: 2, image: 7 })).toEqual(crops[7]);
    expect(cropAndFlip(image, preprocessor, { seed: 1, epoch: 3, image: 7 })).not.toEqual(crops[7]);
    expect(cropAndFlip(image, preprocessor, { seed: 2, epoch: 2, image: 7 })).not.toEqual(crops[7]);
    const isMirrored = (pixels: Uint8Array) => pixels[0] > pixels[7 * 3];
    const mirrored = crops.filter(isMirrored).length;
    expect(mirrored).toBeGreaterThan(70);
    expect(mirrored).toBeLessThan(130);
    // Green still grows downwards in all of them.
    expect(crops.every((pixels) => pixels[1] < pixels[7 * 8 * 3 + 1])).toBe(true);
  });
});

describe('ImageStore', () => {
  const images = [0, 1, 2].map((i) => ({ path: `${i}.png`, texts: [0] }));
  const storeOf = (budget?: number) => {
    const decoded: string[] = [];
    const open = async () => new Blob();
    const dataset = {
      name: '',
      format: '',
      classes: [],
      texts: ['a'],
      images,
      skipped: [],
      styles: [],
      open,
    };
    const render = renderWith(async (_, path) => {
      decoded.push(path);
      if (path === '2.png') throw new Error('it is gone');
      return gradient(16, 12);
    });
    return { store: new ImageStore(dataset, render, budget), decoded };
  };

  it('decodes an image once, also for two who ask at once, and crops it anew', async () => {
    const { store, decoded } = storeOf();
    const [a, b] = await Promise.all([store.pixels(0, preprocessor), store.pixels(0, preprocessor)]);
    expect(a).toHaveLength(8 * 8 * 3);
    expect(b).toBe(a);
    const crop = await store.croppedPixels(0, preprocessor, { seed: 0, epoch: 0 });
    expect(crop).not.toEqual(a);
    expect(crop).toEqual(cropAndFlip(gradient(16, 12), preprocessor, { seed: 0, epoch: 0, image: 0 }));
    expect(decoded).toEqual(['0.png', '0.png']);
    expect(await store.pixels(0, { ...preprocessor, size: 4, resizeTo: { shortestEdge: 4 } })).toHaveLength(
      48,
    );
  });

  it('keeps to its budget, forgetting what was used longest ago', async () => {
    const { store, decoded } = storeOf(2 * 8 * 8 * 3);
    await store.pixels(0, preprocessor);
    await store.pixels(1, preprocessor);
    await store.pixels(0, preprocessor);
    await store.croppedPixels(1, preprocessor, { seed: 0, epoch: 0 });
    expect(decoded).toEqual(['0.png', '1.png', '1.png']);
    await store.pixels(0, preprocessor);
    expect(decoded).toHaveLength(3);
    await store.pixels(1, preprocessor);
    expect(decoded).toHaveLength(4);
  });

  it('names an image that can no longer be read, and tries again', async () => {
    const { store, decoded } = storeOf();
    await expect(store.pixels(2, preprocessor)).rejects.toThrow("2.png can't be read any more: it is gone.");
    await expect(store.pixels(2, preprocessor)).rejects.toThrow('2.png');
    expect(decoded).toHaveLength(2);
  });
});
