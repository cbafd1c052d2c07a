/** A curve of a chart. */
export interface Curve {
  name: string;
  /** A CSS colour, such as `var(--student)`. */
  colour: string;
  /** Lengths of its strokes and gaps; solid without. */
  dash?: string;
  points: [x: number, y: number][];
}

const WIDTH = 440;
const HEIGHT = 190;
const PLOT = { left: 52, right: WIDTH - 12, top: 12, bottom: HEIGHT - 26 };
/** Columns of a curve; of what falls into one, the smallest and largest value are drawn. */
const COLUMNS = 300;

/** Curves over the steps as an inline SVG; values that are not finite are left out. */
export function lineChart(label: string, curves: Curve[]): string {
  const all = curves.flatMap(({ points }) => points).filter(([, y]) => Number.isFinite(y));
  const [minX, maxX] = extent(all.map(([x]) => x));
  const [minY, maxY] = widened(extent(all.map(([, y]) => y)));
  const x = (value: number) => PLOT.left + ((value - minX) / (maxX - minX || 1)) * (PLOT.right - PLOT.left);
  const y = (value: number) => PLOT.bottom - ((value - minY) / (maxY - minY)) * (PLOT.bottom - PLOT.top);
  const rows = ticks(minY, maxY, 4).map(
    (value) =>
      `<line x1="${PLOT.left}" x2="${PLOT.right}" y1="${round(y(value))}" y2="${round(y(value))}"/>` +
      `<text x="${PLOT.left - 7}" y="${round(y(value) + 4)}" text-anchor="end">${tickLabel(value)}</text>`,
  );
  const columns = ticks(minX, maxX, 5)
    .filter(Number.isInteger)
    .map(
      (value) =>
        `<text x="${round(x(value))}" y="${PLOT.bottom + 18}" text-anchor="middle">${tickLabel(value)}</text>`,
    );
  const lines = curves.map(({ name, colour, dash, points }) => {
    const finite = points.filter(([, value]) => Number.isFinite(value));
    const path = thinned(finite).map(([px, py]) => `${round(x(px))},${round(y(py))}`);
    return `<polyline points="${path.join(' ')}" stroke="${colour}"${dashes(dash)}><title>${escapeHtml(name)}</title></polyline>`;
  });
  return (
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(label)} over the steps">` +
    `${rows.join('')}${columns.join('')}${lines.join('')}</svg>`
  );
}

const dashes = (dash: string | undefined): string => (dash ? ` stroke-dasharray="${dash}"` : '');

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function extent(values: number[]): [number, number] {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return min <= max ? [min, max] : [0, 1];
}

/** A little room above and below, so that flat curves are seen too. */
function widened([min, max]: [number, number]): [number, number] {
  const room = (max - min) * 0.05 || Math.abs(max) * 0.1 || 1;
  return [min - room, max + room];
}

/** About `count` round numbers from min to max, 1, 2 or 5 times a power of ten apart. */
function ticks(min: number, max: number, count: number): number[] {
  const rough = (max - min || 1) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(min / step);
  const last = Math.floor(max / step);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function tickLabel(value: number): string {
  return Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 1e-3)
    ? value.toExponential(1)
    : value.toLocaleString('en-GB', { maximumFractionDigits: 4 });
}

/** The smallest and the largest point of each column, in their order; everything where it is little. */
function thinned(points: [number, number][]): [number, number][] {
  if (points.length <= 2 * COLUMNS) return points;
  const size = points.length / COLUMNS;
  return Array.from({ length: COLUMNS }, (_, column) => {
    const part = points.slice(Math.floor(column * size), Math.floor((column + 1) * size));
    const low = part.reduce((a, b) => (b[1] < a[1] ? b : a));
    const high = part.reduce((a, b) => (b[1] > a[1] ? b : a));
    return low[0] < high[0] ? [low, high] : [high, low];
  }).flat();
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
