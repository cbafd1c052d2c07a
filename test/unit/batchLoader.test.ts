import { describe, expect, it } from 'vitest';
import type { Preprocessor } from '../../src/clip/preprocess';
import { BrokenImage, ImageStore } from '../../src/data/images/images';
import { renderWith } from '../../src/data/images/render';
import { parseRun } from '../../src/run/schema';
import { settleRun } from '../../src/run/settle';
import { BatchLoader } from '../../src/train/batchLoader';
import { classDataset } from './sampleDataset';

const preprocessor: Preprocessor = {
  resizeTo: { shortestEdge: 4 },
  filter: 'bicubic',
  size: 4,
  mean: [0, 0, 0],
  std: [1, 1, 1],
};

/** A loader of twelve images, batches of four, of which those in `broken` can't be decoded at the time. */
function loaderOf(broken: Set<number>, train: Record<string, unknown> = {}) {
  const dataset = classDataset(Array.from({ length: 12 }, (_, i): [number] => [i % 3]));
  const render = renderWith(async (_, path) => {
    if (broken.has(Number.parseInt(path, 10))) throw new Error('it is damaged');
    return { width: 4, height: 4, data: new Uint8Array(48).fill(Number.parseInt(path, 10)) };
  });
  const notices: string[] = [];
  const run = parseRun({ train: { batchSize: 4, shuffle: false, augment: 'none', ...train } }, 'test');
  const loader = new BatchLoader({
    dataset,
    images: new ImageStore(dataset, render),
    teacherPreprocessor: preprocessor,
    studentPreprocessor: { ...preprocessor, size: 2, resizeTo: { shortestEdge: 2 } },
    train: settleRun(run, { name: 'test', training: { images: 12, labelled: 12, texts: 2 } }).train,
    maxTexts: 10,
    onNotice: (message) => notices.push(message),
  });
  return { loader, notices };
}

describe('BatchLoader', () => {
  it('takes the next images of the epoch for broken ones, and says so once', async () => {
    const { loader, notices } = loaderOf(new Set([1, 2, 5, 11]));
    const first = await loader.trainBatch(0);
    expect(first.images).toEqual([0, 4, 6, 3]);
    expect(first.right).toEqual([[0], [1], [0], [0]]);
    expect('pixels' in first.student && first.student.pixels[12]).toBeCloseTo(4 / 255);
    expect((await loader.trainBatch(1)).images).toEqual([4, 8, 6, 7]);
    expect((await loader.trainBatch(2)).images).toEqual([8, 9, 10, 0]);
    expect((await loader.trainBatch(3)).images).toEqual([0, 4, 6, 3]);
    expect(notices).toEqual([
      expect.stringMatching(/^\d+\.png can't be read: it is damaged\. It is left out/),
    ]);
  });

  it('does not train on fewer images than a batch over and over', async () => {
    const { loader } = loaderOf(new Set([0]), { batchSize: 12 });
    await expect(loader.trainBatch(0)).rejects.toThrow("0.png can't be read: it is damaged.");
    await expect(loader.whole([0])).rejects.toThrow(BrokenImage);
    await expect(loader.trainBatch(0)).rejects.toThrow('Fewer than 12 training images can be read');
  });

  it('gives up where none is left, and tries all again later', async () => {
    const broken = new Set(Array.from({ length: 12 }, (_, i) => i));
    const { loader } = loaderOf(broken);
    await expect(loader.trainBatch(0)).rejects.toThrow(BrokenImage);
    broken.clear();
    expect((await loader.trainBatch(0)).images).toEqual([0, 1, 2, 3]);
  });

  it('tells which images it could not open as they are', async () => {
    const { loader } = loaderOf(new Set([7]));
    await expect(loader.whole([6, 7])).rejects.toThrow(BrokenImage);
    expect([...loader.broken]).toEqual([7]);
  });

  it('crops shuffled images alike for both towers', async () => {
    const { loader } = loaderOf(new Set(), { shuffle: true, augment: 'crop-flip-jitter' });
    const { images, keys, teacher, student } = await loader.trainBatch(0);
    expect(new Set(images).size).toBe(4);
    expect(keys).toEqual(images.map((image) => image + 12));
    if (!('pixels' in teacher && 'pixels' in student)) throw new Error('features were not computed yet');
    for (let i = 0; i < 4; i++) expect(teacher.pixels[i * 48]).toBeCloseTo(student.pixels[i * 12]);
  });
});
