import { describe, expect, it } from 'vitest';
import type { Prediction } from '../../src/evaluate/results';
import { describeRun } from '../../src/page/describeRun';
import { amount, bytes, loss, percent, plural, rate, setting } from '../../src/page/format';
import { History } from '../../src/page/history';
import { sortPredictions } from '../../src/page/inspect/order';
import { sharedEnds } from '../../src/page/sharedEnds';
import { runSchema } from '../../src/run/schema';
import { layOut, type Rect, route } from '../../src/ui/figure/layOut';
import { howToEnableWebGPU } from '../../src/ui/header/webgpuHelp';
import { metrics } from './sampleMetrics';

describe('numbers', () => {
  it('are written in a steady width', () => {
    expect([12.345, 1.2345, 0.012345, 0.0000123, undefined].map(loss)).toEqual([
      '12.35',
      '1.234',
      '0.0123',
      '1.2e-5',
      '–',
    ]);
    expect([percent(0.4312), amount(1_240_000), amount(218_000), bytes(2_480_000), bytes(872_000)]).toEqual([
      '43.1',
      '1.24 M',
      '218 k',
      '2.5 MB',
      '872 kB',
    ]);
    expect([rate(0.31), rate(1234.5), setting(1e-5), setting(0.001), setting(0)]).toEqual([
      '0.3',
      '1,235',
      '1e-5',
      '0.001',
      '0',
    ]);
  });
});

describe('History', () => {
  it('keeps every step while it grows', () => {
    const history = new History();
    for (let step = 1; step <= 1000; step++) history.push(metrics(step));
    expect(history.column('step')).toHaveLength(1000);
    expect(history.column('step')[999]).toBe(1000);
    expect(history.column('total')[255]).toBeCloseTo(1 / 256);
    history.clear();
    expect(history.column('kl')).toHaveLength(0);
  });
});

describe('describeRun', () => {
  const base = runSchema.parse({});
  it('names the method and what differs', () => {
    expect(describeRun(base, base)).toBe('ComKD');
    expect(describeRun(runSchema.parse({ method: 'none', train: { batchSize: 64 } }), base)).toBe(
      'Student alone, batch 64',
    );
    expect(describeRun(runSchema.parse({ loss: { ifAlign: false, refine: false } }), base)).toBe(
      'without IFAlign and refinement',
    );
  });

  it('speaks of one step as one', () => {
    expect(describeRun(runSchema.parse({ train: { steps: 1 } }), base)).toBe('ComKD, 1 step');
    expect(plural(1, 'image')).toBe('1 image');
  });
});

describe('sharedEnds', () => {
  it('finds the words around what differs', () => {
    expect(sharedEnds(['a photo of a cat.', 'a photo of a cow.', 'a photo of a dog.'])).toEqual([
      'a photo of a ',
      '.',
    ]);
    expect(sharedEnds(['red square', 'red ring', 'red circle'])).toEqual(['red ', '']);
  });

  it('finds none in two texts, or in captions', () => {
    expect(sharedEnds(['a cat', 'a cow'])).toEqual(['', '']);
    expect(sharedEnds(['two dogs run', 'a cat sleeps', 'rain'])).toEqual(['', '']);
  });
});

describe('sortPredictions', () => {
  const prediction = (image: number, teacher: string, student: string, probability: number): Prediction => ({
    image,
    path: `${image}.png`,
    truth: ['cat'],
    teacher: [{ text: teacher, probability: 0.9 }],
    student: [{ text: student, probability }],
    attention: new Float32Array(),
  });
  const all = [
    prediction(0, 'cat', 'cat', 0.8),
    prediction(1, 'cat', 'dog', 0.7),
    prediction(2, 'dog', 'cow', 0.3),
  ];
  const images = (order: Parameters<typeof sortPredictions>[1]) =>
    sortPredictions(all, order).map(({ image }) => image);

  it('puts disagreement or mistakes first', () => {
    expect(images('disagreement')).toEqual([1, 2, 0]);
    expect(images('student-wrong')).toEqual([1, 2, 0]);
    expect(images('teacher-wrong')).toEqual([2, 0, 1]);
    expect(images('data')).toEqual([0, 1, 2]);
  });
});

describe('the figure', () => {
  it.each([680, 780, 1000, 1250])('has boxes that do not overlap at a width of %i', (width) => {
    const { lanes, ...boxes } = layOut(width, 420);
    const entries: [string, Rect][] = Object.entries(boxes);
    for (const [name, a] of entries) {
      expect(a.x, name).toBeGreaterThanOrEqual(0);
      expect(a.x + a.width, name).toBeLessThanOrEqual(width + 0.5);
      expect(a.y + a.height, name).toBeLessThanOrEqual(420.5);
      for (const [other, b] of entries) {
        if (name === other) continue;
        const isApart =
          a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
        expect(isApart, `${name} and ${other}`).toBe(true);
      }
    }
    expect(lanes.logits).toBeLessThan(boxes.watched.y);
  });

  it('draws lines with rounded corners', () => {
    expect(
      route([
        [0, 0],
        [10, 0],
      ]),
    ).toBe('M0.0 0.0L10.0 0.0');
    expect(
      route(
        [
          [0, 0],
          [50, 0],
          [50, 50],
        ],
        10,
      ),
    ).toBe('M0.0 0.0L40.0 0.0Q50.0 0.0 50.0 10.0L50.0 50.0');
  });
});

describe('howToEnableWebGPU', () => {
  it('speaks of the browser at hand', () => {
    const linux = 'Mozilla/5.0 (X11; Linux x86_64)';
    expect(howToEnableWebGPU(`${linux} AppleWebKit/537.36 Chrome/140.0 Safari/537.36`)).toContain(
      'chrome://flags',
    );
    expect(howToEnableWebGPU('(Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0')).toContain('edge://');
    expect(howToEnableWebGPU(`${linux} Gecko/20100101 Firefox/140.0`)).toContain('about:config');
    expect(howToEnableWebGPU('(Macintosh; Intel Mac OS X 10_15) Version/18 Safari/605.1')).toContain(
      'Safari',
    );
  });
});
