import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/cli/decode';
import type { Dataset } from '../../src/data/dataset';
import { perceptualHash } from '../../src/data/images/perceptualHash';
import { examineAll, noFindings, withoutBroken } from '../../src/data/scan';

const facts = { width: 4, height: 3, hash: '0'.repeat(16), colours: new Uint8Array(48) };

/** A data set of so many images, whose files are empty. */
function dataOf(count: number): Dataset {
  return {
    name: 'x',
    format: '',
    why: '',
    doubts: [],
    otherForms: [],
    classes: ['a'],
    texts: ['a'],
    promptTemplate: '{}',
    images: Array.from({ length: count }, (_, i) => ({ path: `${i}.png`, texts: [0] })),
    tables: [],
    skipped: [{ file: 'y', reason: 'z' }],
    styles: [],
    open: async () => new Blob(),
  };
}

describe('looking into images', () => {
  it('tells what is broken, and takes it out of the data', async () => {
    const dataset = dataOf(4);
    const findings = await examineAll(
      dataset,
      async (_, path) => {
        if (path === '1.png') throw new Error('it is torn.');
        return { ...facts, width: Number.parseInt(path, 10) };
      },
      { concurrency: 3 },
    );
    const good = withoutBroken(dataset, findings);
    expect(good.dataset.images.map(({ path }) => path)).toEqual(['0.png', '2.png', '3.png']);
    expect(good.dataset.skipped.slice(1)).toEqual([{ file: '1.png', reason: 'it is torn' }]);
    expect([...good.facts].map(([image, { width }]) => [image, width])).toEqual([
      [0, 0],
      [1, 2],
      [2, 3],
    ]);
  });

  it('stops after its time and goes on where it was', async () => {
    const dataset = dataOf(40);
    const seen: string[] = [];
    const examine = async (_: Blob, path: string) => {
      seen.push(path);
      await new Promise((resolve) => setTimeout(resolve, 2));
      return facts;
    };
    const findings = noFindings();
    await examineAll(dataset, examine, { concurrency: 2, findings, budgetMs: 10 });
    expect(findings.facts.size).toBe(seen.length);
    expect(seen.length).toBeLessThan(40);
    const progress: number[] = [];
    await examineAll(dataset, examine, {
      concurrency: 2,
      findings,
      onProgress: ({ done }) => progress.push(done),
    });
    expect(seen).toEqual(dataset.images.map(({ path }) => path));
    expect(progress.at(-1)).toBe(40);
  });

  it('says so where no image is left', () => {
    const findings = { facts: new Map(), broken: new Map([[0, 'torn']]) };
    expect(() => withoutBroken(dataOf(1), findings)).toThrow('x: no image can be read. 0.png: torn.');
  });
});

describe('the perceptual hash', () => {
  const gradient = (angle: number) =>
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><defs><linearGradient id="g" gradientTransform="rotate(${angle})"><stop stop-color="#123"/><stop offset="1" stop-color="#fc8"/></linearGradient></defs><rect width="300" height="200" fill="url(#g)"/><circle cx="90" cy="80" r="60" fill="#a22"/><path d="M200 20l60 150h-90z" fill="#28c"/></svg>`,
    );
  const hashOf = async (image: Sharp) => {
    const bytes = new Uint8Array(await image.toBuffer());
    return BigInt(`0x${perceptualHash(await decodeImage(new Blob([bytes]), ''))}`);
  };
  const distance = (a: bigint, b: bigint) => (a ^ b).toString(2).replaceAll('0', '').length;

  it('hardly changes by compression and size, but with the picture', async () => {
    const original = await hashOf(sharp(gradient(10)).png());
    expect(original.toString(16).length).toBeGreaterThan(8);
    const compressed = await hashOf(sharp(gradient(10)).jpeg({ quality: 40 }));
    const smaller = await hashOf(sharp(gradient(10)).resize(77).webp({ quality: 60 }));
    const brighter = await hashOf(sharp(gradient(10)).modulate({ brightness: 1.1 }).png());
    const other = await hashOf(sharp(gradient(10)).flop().png());
    for (const alike of [compressed, smaller, brighter]) {
      expect(distance(original, alike)).toBeLessThanOrEqual(4);
    }
    expect(distance(original, other)).toBeGreaterThan(12);
  });

  it('says nothing of an even picture, and takes the smallest', async () => {
    const even = perceptualHash({ width: 1, height: 1, data: new Uint8Array([200, 10, 10]) });
    expect(even).toBe('0'.repeat(16));
    expect(perceptualHash({ width: 2, height: 1, data: new Uint8Array([0, 0, 0, 255, 255, 255]) })).toMatch(
      /^(?!0{16})[0-9a-f]{16}$/,
    );
  });
});
