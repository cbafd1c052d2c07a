import { axisY, dot, gridX, plot, ruleX, ruleY } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { estimate } from '../../src/run/statistics';

export interface PlottedRow {
  title: string;
  /** Of each seed, a share. */
  values: readonly number[];
}

/**
 * Accuracies as one SVG file: a row each, with its mean, its interval of 95 % and every seed.
 *
 * @param reference what they are held against, a share, and its name
 */
export function plotOf(
  label: string,
  rows: readonly PlottedRow[],
  reference: { name: string; share: number },
): string {
  const { document } = parseHTML('<!doctype html><body></body>');
  const titles = rows.map(({ title }) => title);
  const intervals = rows.flatMap(({ title, values }) => {
    const { mean, half = 0 } = estimate(values.map((share) => 100 * share)) ?? {};
    return mean === undefined ? [] : { title, mean, from: mean - half, to: mean + half };
  });
  const svg = plot({
    document,
    width: 760,
    height: 60 + 30 * rows.length,
    marginLeft: 290,
    style: { background: 'white', color: '#16191d', fontFamily: 'system-ui, sans-serif' },
    x: { label, domain: [0, 100] },
    y: { label: null, domain: titles },
    marks: [
      gridX(),
      axisY({ tickSize: 0, fontSize: 12 }),
      ruleX([100 * reference.share], {
        stroke: '#7d5c00',
        strokeDasharray: '4 3',
        title: () => reference.name,
      }),
      dot(
        rows.flatMap(({ title, values }) => values.map((share) => ({ title, share: 100 * share }))),
        { x: 'share', y: 'title', dy: 8, r: 2, fill: '#5d6672' },
      ),
      ruleY(intervals, {
        y: 'title',
        x1: 'from',
        x2: 'to',
        stroke: '#00718a',
        strokeWidth: 2,
      }),
      dot(intervals, { y: 'title', x: 'mean', r: 4.5, fill: '#00718a' }),
    ],
  });
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return `${svg.outerHTML}\n`;
}
