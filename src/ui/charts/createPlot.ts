import './validLanguage';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { colour } from './colours';
import { decimate, type Range } from './decimate';

/** One line of a chart. */
export interface Line {
  /** The name of a colour in tokens.css. */
  colour: string;
  width: number;
  /** Lengths of its strokes and gaps in pixels; solid without. */
  dash?: readonly number[];
  /** On a linear scale of its own, with its axis at the right: it may be below 0. */
  isSigned?: boolean;
  /** Marks the points too, where they are few. */
  hasPoints?: boolean;
}

export interface PlotOptions {
  lines: readonly Line[];
  isLog: boolean;
  /** The least range of the value axis, linear. */
  atLeast?: readonly [low: number, high: number];
  format: (value: number) => string;
  /** How much larger than usual its texts and lines are. */
  scale: number;
  /** The step that a line stands at; undefined for none. */
  mark: () => number | undefined;
  /** The step under the pointer; undefined when it has left. */
  onPoint: (step: number | undefined) => void;
}

const fontOf = (scale: number) =>
  `${Math.round(11 * scale)}px "Inter Variable", Inter, system-ui, sans-serif`;

/** A chart over steps in `element`, of which `draw` says what is in it. */
export function createPlot(
  element: HTMLElement,
  { lines, isLog, atLeast, format, scale, mark, onPoint }: PlotOptions,
): uPlot {
  const axis = (more: uPlot.Axis): uPlot.Axis => ({
    stroke: () => colour('ink-3'),
    grid: { stroke: () => colour('line'), width: scale },
    ticks: { show: false },
    font: fontOf(scale),
    gap: 4 * scale,
    ...more,
  });
  return new uPlot(
    {
      width: element.clientWidth,
      height: element.clientHeight,
      legend: { show: false },
      cursor: { y: false, drag: { x: true, y: false }, points: { size: 7 * scale } },
      padding: [8 * scale, 10 * scale, 0, 0],
      scales: {
        x: { time: false, range: ({ data }, low, high) => (data[0].length > 1 ? [low, high] : [0, 10]) },
        y: isLog
          ? { distr: 3, range: (_, low, high) => wholeDecades(low, high) }
          : { range: (_, low, high) => widen(low, high, atLeast) },
        signed: { range: (_, low, high) => widen(low, high, [-0.01, 0.01]) },
      },
      series: [{}, ...lines.map((line) => seriesOf(line, scale))],
      axes: [
        axis({
          size: 24 * scale,
          gap: 6 * scale,
          space: 56 * scale,
          grid: { show: false },
          incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 1e5],
        }),
        axis({
          size: 44 * scale,
          space: 26 * scale,
          splits: isLog ? (_, __, low, high) => decades(low, high) : undefined,
          values: (_, values) => values.map((value) => (value === null ? '' : format(value))),
        }),
        ...lines
          .filter(({ isSigned }) => isSigned)
          // One axis for all of them, in the colour of the uppermost.
          .slice(-1)
          .map((line) =>
            axis({
              scale: 'signed',
              side: 1,
              size: 44 * scale,
              gap: 8 * scale,
              space: 36 * scale,
              grid: { show: false },
              stroke: () => colour(line.colour),
              values: (_, values) => values.map(String),
            }),
          ),
      ],
      hooks: {
        setCursor: [({ cursor, data }) => onPoint(data[0][cursor.idx ?? -1])],
        draw: [(plot) => drawMark(plot, mark(), scale)],
      },
    },
    [[], ...lines.map(() => [])],
    element,
  );
}

/** @param range the steps to show; all without */
export function draw(plot: uPlot, data: uPlot.AlignedData, range: Range | undefined): void {
  plot.setData(decimate(data, Math.ceil(plot.width * devicePixelRatio), range), !range);
  if (range) plot.setScale('x', range);
}

/** An upright line at a step. */
function drawMark({ ctx, bbox, valToPos }: uPlot, step: number | undefined, scale: number): void {
  if (step === undefined) return;
  ctx.fillStyle = colour('ink-2');
  ctx.fillRect(Math.round(valToPos(step, 'x', true)), bbox.top, scale * devicePixelRatio, bbox.height);
}

const seriesOf = (
  { colour: name, width, dash, isSigned, hasPoints = false }: Line,
  scale: number,
): uPlot.Series => ({
  scale: isSigned ? 'signed' : 'y',
  stroke: () => colour(name),
  width: width * scale,
  dash: dash?.map((length) => length * scale),
  points: { show: hasPoints, size: 4 * scale, fill: () => colour(name) },
  spanGaps: true,
});

/** The range of the data, or more where `atLeast` asks for it, with a little room above. */
function widen(low: number | null, high: number | null, atLeast: PlotOptions['atLeast']): [number, number] {
  const bottom = Math.min(low ?? 0, atLeast?.[0] ?? Infinity);
  const top = Math.max(high ?? 0, atLeast?.[1] ?? -Infinity);
  return [bottom, bottom === top ? top + 1 : top + (top - bottom) * 0.06];
}

/** The range of the data out to powers of ten; a usual one where there is nothing above 0 yet. */
const wholeDecades = (low: number | null, high: number | null): uPlot.Range.MinMax =>
  low !== null && high !== null && low > 0 && Number.isFinite(low)
    ? uPlot.rangeLog(low, high, 10, true)
    : [1e-3, 10];

/** Powers of ten from `low` to `high`. */
function decades(low: number, high: number): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const count = Math.floor(Math.log10(high) + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => 10 ** (first + i));
}
