import { describe, expect, it } from 'vitest';
import { lineChart } from '../../src/run/lineChart';
import { type EvaluationSummary, reportHtml } from '../../src/run/report';
import { parseRun } from '../../src/run/schema';
import type { StepMetrics } from '../../src/train/events';

const metrics = Array.from({ length: 40 }, (_, i): StepMetrics => {
  const kl = 2 / (i + 1);
  return {
    step: i + 1,
    total: kl + 0.3,
    mean: 0.2,
    variance: 0.1,
    align: 0.3,
    kl,
    alpha: 0.01 * i,
    learningRate: 1e-3,
    imagesPerSecond: 100,
  };
});

const evaluation = (step: number, top1: number): EvaluationSummary => ({
  step,
  images: 40,
  heldOut: true,
  teacher: { top1: 0.9, top5: 1 },
  student: { top1, top5: 0.8 },
  agreement: 0.615,
});

const report = {
  title: 'Run <1>',
  run: parseRun({}, 'test'),
  metrics,
  evaluations: [evaluation(0, 0.05), evaluation(40, 0.725)],
  facts: [['Data', 'cats & dogs']] as [string, string][],
};
const html = reportHtml(report);

describe('report', () => {
  it('is one page that loads nothing', () => {
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).not.toMatch(/<(script|link|img|iframe)|https?:|url\(/);
  });

  it('escapes what comes from outside', () => {
    expect(html).toContain('Run &#60;1&#62;');
    expect(html).toContain('cats &#38; dogs');
    expect(html).not.toContain('<1>');
  });

  it('shows accuracies before and after, settings and a curve a loss', () => {
    for (const shown of ['90.0 %', '5.0 %', '72.5 %', 'held-out images', 'learningRate', 'eduAttention'])
      expect(html).toContain(shown);
    expect(html.match(/<svg/g)).toHaveLength(8);
  });

  it('tells of agreement, and of nothing else where there are no labels', () => {
    expect(html).toContain('answer for 61.5 % of them.</p>');
    const unlabelled = reportHtml({
      ...report,
      evaluations: [{ ...evaluation(0, 0), teacher: {}, student: {} }],
    });
    expect(unlabelled).toContain('None of them has a label to be right about.');
    expect(unlabelled).toContain('<b>–</b>');
    expect(unlabelled).not.toMatch(/NaN|undefined/);
  });
});

describe('line chart', () => {
  const coordinates = (svg: string) =>
    [...(svg.match(/points="([^"]*)"/)?.[1] ?? '').matchAll(/([\d.-]+),([\d.-]+)/g)].map((m) => [
      +m[1],
      +m[2],
    ]);

  it('draws falling values downwards, within its frame', () => {
    const drawn = coordinates(
      lineChart('loss', [{ name: 'loss', colour: 'red', points: metrics.map((m) => [m.step, m.total]) }]),
    );
    expect(drawn).toHaveLength(40);
    for (const [i, [x, y]] of drawn.slice(1).entries()) {
      expect(x).toBeGreaterThan(drawn[i][0]);
      expect(y).toBeGreaterThanOrEqual(drawn[i][1]);
      expect(x).toBeLessThanOrEqual(440);
      expect(y).toBeLessThanOrEqual(190);
    }
  });

  it('keeps the extremes of many points and leaves out what is not finite', () => {
    const points = Array.from({ length: 20_000 }, (_, i): [number, number] => [
      i,
      i === 12_345 ? 100 : Math.sin(i),
    ]);
    const drawn = coordinates(
      lineChart('spike', [{ name: 'spike', colour: 'red', points: [...points, [20_000, Number.NaN]] }]),
    );
    expect(drawn.length).toBeLessThanOrEqual(600);
    expect(drawn.filter(([, y]) => y < 30)).toHaveLength(1);
  });

  it('survives having nothing to draw', () => {
    expect(lineChart('none', [{ name: 'none', colour: 'red', points: [] }])).toContain('points=""');
  });
});
