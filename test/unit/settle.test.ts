import { describe, expect, it } from 'vitest';
import { problemWith } from '../../src/page/change';
import { parseRun } from '../../src/run/schema';
import { settleRun } from '../../src/run/settle';

const data = (images: number, labelled = images, texts = 2) => ({
  name: 'pets',
  training: { images, labelled, texts },
});
const settled = (raw: unknown, images = 64) => settleRun(parseRun(raw, 'RUN.json'), data(images));

describe('settling a run', () => {
  it('turns epochs into steps of whole batches', () => {
    const { train } = settled({ train: { epochs: 3, batchSize: 8 } }, 50);
    expect(train).toMatchObject({ steps: 18, batchSize: 8, parameters: 'full' });
    expect(settled({ train: { steps: 7 } }).train.steps).toBe(7);
    expect(settled({}).train.steps).toBe(40);
  });

  it('clips gradients only where the run says so', () => {
    expect(settled({}).train.maxGradientNorm).toBeUndefined();
    expect(settled({ train: { maxGradientNorm: 0.5 } }).train.maxGradientNorm).toBe(0.5);
  });

  it('gives a run that is accepted as a run file again', () => {
    const run = settled({ train: { epochs: 3 } });
    expect(parseRun(JSON.parse(JSON.stringify(run)), 'RUN.json')).toEqual(run);
  });

  it('says which batch size would do', () => {
    expect(() => settled({}, 20)).toThrow(/pets has 20 images .* not one whole batch.* at most 20/);
    expect(() => settled({}, 1)).toThrow(/pets has 1 image to train on, and a batch takes two at least/);
  });

  it('wants a label where a method learns from labels', () => {
    const run = parseRun({ method: 'none' }, 'RUN.json');
    expect(() => settleRun(run, data(64, 0))).toThrow(
      /"none" learns from labels, and no training image of pets has one; choose "comkd" or "promptkd"/,
    );
    expect(settleRun(run, data(64, 1)).method).toBe('none');
    expect(settleRun(parseRun({}, 'RUN.json'), data(64, 0)).method).toBe('comkd');
  });

  it('says that one class is not enough, and what is', () => {
    expect(() => settleRun(parseRun({}, 'RUN.json'), data(64, 64, 1))).toThrow(
      /^pets has one class or caption alone, and one is not enough: .* add images of another class/,
    );
  });

  it('takes no more layers from a teacher than it has', () => {
    const run = parseRun({ student: { from: 'teacher', layers: 7 } }, 'RUN.json');
    expect(() => settleRun(run, data(64), { teacher: { layers: 6, width: 64, heads: 4 } })).toThrow(
      /student\.layers is 7, .*has 6/,
    );
    expect(settleRun(run, data(64), { teacher: { layers: 7, width: 64, heads: 4 } }).student).toEqual(
      run.student,
    );
  });

  it('takes whole heads from a teacher’s front', () => {
    const settledWidth = (width: number) => () => {
      const run = parseRun({ student: { from: 'teacher', layers: 2, width, pick: 'front' } }, 'RUN.json');
      return settleRun(run, data(64), { teacher: { layers: 6, width: 64, heads: 4 } });
    };
    expect(settledWidth(40)).toThrow(/student\.width is 40, .* a multiple of 16 up to 64 would be right/);
    expect(settledWidth(80)).toThrow(/student\.width is 80/);
    expect(settledWidth(48)).not.toThrow();
    expect(() => parseRun({ student: { from: 'teacher', layers: 2, width: 48 } }, 'RUN.json')).toThrow(
      /student\.width is given, .*"pick": "front"/,
    );
  });
});

describe('what the page may hold', () => {
  const run = parseRun({}, 'RUN.json');
  const withBoth = (on: boolean) => ({ ...run, loss: { ...run.loss, ifAlign: on, refine: on } });

  it('is no run without anything to learn from, with data or before there is any', () => {
    expect(problemWith(withBoth(false), { data: data(64) })).toMatch(/nothing to learn from; one must be on/);
    expect(problemWith(withBoth(false), {})).toMatch(/nothing to learn from/);
    expect(problemWith(withBoth(true), { data: data(64) })).toBeUndefined();
  });

  it('is no batch that the data can’t fill, and none of one image', () => {
    const withBatch = (batchSize: number) => ({ ...run, train: { ...run.train, batchSize } });
    expect(problemWith(withBatch(65), { data: data(64) })).toMatch(/not one whole batch/);
    expect(problemWith(withBatch(1), { data: data(64) })).toMatch(/train\.batchSize: .*>=2/);
    expect(problemWith(withBatch(64), { data: data(64) })).toBeUndefined();
  });
});
