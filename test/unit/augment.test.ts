import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../src/clip/image';
import type { Preprocessor } from '../../src/clip/preprocess';
import { augmented, type CropKey, cropOf, randomBox } from '../../src/data/images/augment';
import { adjustBrightness, adjustContrast, adjustSaturation } from '../../src/data/images/colourJitter';
import { drawAugmentations } from '../../src/data/images/drawAugmentations';
import { ImageStore } from '../../src/data/images/images';
import { renderWith } from '../../src/data/images/render';
import { saysLeftOrRight } from '../../src/data/leftRight';
import { Random } from '../../src/files/random';
import { sampleDataset } from './sampleDataset';

const preprocessor: Preprocessor = {
  resizeTo: { shortestEdge: 8 },
  filter: 'bicubic',
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

describe('augmented', () => {
  it('is the same for the same key and mirrors half of them', () => {
    const image = gradient(40, 30);
    const crops = Array.from({ length: 200 }, (_, i) =>
      augmented(image, preprocessor, { seed: 1, epoch: 2, image: i }),
    );
    expect(augmented(image, preprocessor, { seed: 1, epoch: 2, image: 7 })).toEqual(crops[7]);
    expect(augmented(image, preprocessor, { seed: 1, epoch: 3, image: 7 })).not.toEqual(crops[7]);
    expect(augmented(image, preprocessor, { seed: 2, epoch: 2, image: 7 })).not.toEqual(crops[7]);
    const isMirrored = (pixels: Uint8Array) => pixels[0] > pixels[7 * 3];
    const mirrored = crops.filter(isMirrored).length;
    expect(mirrored).toBeGreaterThan(70);
    expect(mirrored).toBeLessThan(130);
    // Green still grows downwards in all of them.
    expect(crops.every((pixels) => pixels[1] < pixels[7 * 8 * 3 + 1])).toBe(true);
  });
});

describe('colour jitter', () => {
  const key: CropKey = { seed: 1, epoch: 2, image: 3 };

  it('changes colours, and nothing of where they are', () => {
    const image = gradient(40, 30);
    const plain = augmented(image, preprocessor, key);
    const coloured = augmented(image, preprocessor, { ...key, jitter: true });
    expect(coloured).not.toEqual(plain);
    expect(augmented(image, preprocessor, { ...key, jitter: true })).toEqual(coloured);
    expect(augmented(image, preprocessor, { ...key, epoch: 3, jitter: true })).not.toEqual(coloured);
    // Red still falls or grows in each row as it did.
    for (let at = 3; at < plain.length; at += 3) {
      if (at % 24 === 0) continue;
      const before = Math.sign(plain[at] - plain[at - 3]);
      expect([0, before]).toContain(Math.sign(coloured[at] - coloured[at - 3]));
    }
  });

  it('computes as torchvision does', () => {
    // Greys, rounded down: 0.2989 · 200 + 0.587 · 100 + 0.114 · 50 = 124, and 10 of (10, 10, 10); their mean is 67.
    const pixels = Uint8Array.of(200, 100, 50, 10, 10, 10);
    expect([...adjustBrightness(pixels, 1.5)]).toEqual([255, 150, 75, 15, 15, 15]);
    const contrast = [0.5 * 200 + 33.25, 0.5 * 100 + 33.25, 0.5 * 50 + 33.25, 38.25, 38.25, 38.25];
    expect([...adjustContrast(pixels, 0.5)]).toEqual(contrast.map(Math.floor));
    expect([...adjustSaturation(pixels, 0.5)]).toEqual([162, 112, 87, 9, 9, 9]);
    expect([...adjustSaturation(pixels, 2)]).toEqual([255, 76, 0, 11, 11, 11]);
  });
});

describe('left and right', () => {
  it('are found as whole words', () => {
    const sided = [
      'a dog on the left',
      'Turn RIGHT!',
      'left-hand traffic',
      'the leftmost house',
      'ein Hund rechts',
    ];
    sided.push('à gauche', 'mano izquierda', 'девочка слева', '左手', '오른쪽 문');
    const others = ['a bright cleft', 'the Wright brothers', 'a shell', 'rechteckig', '', 'un derechazo'];
    expect(sided.filter((text) => !saysLeftOrRight(text))).toEqual([]);
    expect(others.filter(saysLeftOrRight)).toEqual([]);
  });

  it('keep an image from being mirrored, and from nothing else', () => {
    const image = gradient(40, 30);
    const drawn = Array.from({ length: 60 }, (_, index) => {
      const key = { seed: 1, epoch: 2, image: index };
      return [
        augmented(image, preprocessor, key),
        augmented(image, preprocessor, { ...key, keepsSides: true }),
      ];
    });
    const isMirrored = (pixels: Uint8Array) => pixels[0] > pixels[7 * 3];
    expect(drawn.some(([, kept]) => isMirrored(kept))).toBe(false);
    for (const [free, kept] of drawn) if (!isMirrored(free)) expect(kept).toEqual(free);
    const row = (pixels: Uint8Array) => Array.from({ length: 8 }, (_, x) => pixels[x * 3]);
    const mirrored = drawn.filter(([free]) => isMirrored(free));
    expect(mirrored.length).toBeGreaterThan(15);
    for (const [free, kept] of mirrored) expect(row(kept)).toEqual(row(free).reverse());
  });

  it('are told by the texts of an image', () => {
    const options = { augment: 'crop-flip', seed: 4 } as const;
    const texts = ['a cat', 'a cat on the left'];
    expect(cropOf(texts, options, 2)).toEqual({ seed: 4, epoch: 2, keepsSides: true, jitter: false });
    expect(cropOf(texts.slice(0, 1), { ...options, augment: 'crop-flip-jitter' }, 2)).toEqual({
      seed: 4,
      epoch: 2,
      keepsSides: false,
      jitter: true,
    });
    expect(cropOf(texts, { ...options, augment: 'none' }, 2)).toBeUndefined();
  });
});

describe('the preview', () => {
  it('shows what training sees', async () => {
    const dataset = sampleDataset({ texts: ['the left one'], images: [{ path: 'a.png', texts: [0] }] });
    const store = new ImageStore(
      dataset,
      renderWith(async () => gradient(40, 30)),
    );
    const options = { augment: 'crop-flip-jitter', seed: 5 } as const;
    const pictures = await drawAugmentations(dataset, store, 0, preprocessor, options, 3);
    expect(pictures.map(({ length }) => length)).toEqual([256, 256, 256]);
    const key = { seed: 5, epoch: 2, image: 0, keepsSides: true, jitter: true };
    const expected = augmented(gradient(40, 30), preprocessor, key);
    expect([...pictures[2]].filter((_, i) => i % 4 < 3)).toEqual([...expected]);
    expect([...pictures[2]].filter((_, i) => i % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
    const whole = await drawAugmentations(dataset, store, 0, preprocessor, { augment: 'none', seed: 5 }, 2);
    expect(whole[0]).toEqual(whole[1]);
  });
});

describe('ImageStore', () => {
  const images = [0, 1, 2].map((i) => ({ path: `${i}.png`, texts: [0] }));
  const storeOf = (budget?: number) => {
    const decoded: string[] = [];
    const dataset = sampleDataset({ texts: ['a'], images });
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
    const crop = await store.pixels(0, preprocessor, { seed: 0, epoch: 0 });
    expect(crop).not.toEqual(a);
    expect(crop).toEqual(augmented(gradient(16, 12), preprocessor, { seed: 0, epoch: 0, image: 0 }));
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
    await store.pixels(1, preprocessor, { seed: 0, epoch: 0 });
    expect(decoded).toEqual(['0.png', '1.png', '1.png']);
    await store.pixels(0, preprocessor);
    expect(decoded).toHaveLength(3);
    await store.pixels(1, preprocessor);
    expect(decoded).toHaveLength(4);
  });

  it('names an image that can no longer be read, and tries again', async () => {
    const { store, decoded } = storeOf();
    await expect(store.pixels(2, preprocessor)).rejects.toThrow("2.png can't be read: it is gone.");
    await expect(store.pixels(2, preprocessor)).rejects.toThrow('2.png');
    expect(decoded).toHaveLength(2);
  });
});
