import { methods } from '../distill/methods/methods';
import { type Curve, escapeHtml, lineChart } from './lineChart';
import { type EvaluationSummary, percent, STYLE } from './report';
import type { Run } from './schema';

/** What is compared of a run. */
export interface ComparedRun {
  name: string;
  /** What it has otherwise than the first one. */
  difference: string;
  run: Run;
  data: string;
  device: string;
  /** An entry a step. */
  curves: Record<string, ArrayLike<number>>;
  evaluations: EvaluationSummary[];
  /** After its last step, where its method has it. */
  kl?: number;
}

interface Chart {
  title: string;
  curves: Curve[];
}

const colours = ['#00718a', '#7d5c00', '#5140a8', '#8a3b2f', '#007556', '#9c3379'];
const dashes = [undefined, '6 3', '2 3', '11 4', '8 3 2 3', '4 2 4 7', '2 7'];

/** Several runs' curves, outcomes and settings as one self-contained page. */
export function comparisonHtml(title: string, runs: readonly ComparedRun[]): string {
  const figures = charts(runs).map(
    (chart) =>
      `<figure><figcaption>${escapeHtml(chart.title)}</figcaption>${lineChart(chart.title, chart.curves)}</figure>`,
  );
  const files = runs.map(
    ({ name, run }) =>
      `<details><summary>Run file of ${escapeHtml(name)}</summary><pre>${escapeHtml(JSON.stringify(run, null, 2))}</pre></details>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>${STYLE}
:root{color-scheme:light;--bg:#f6f7f9;--panel:#fff;--line:#dfe3e8;--ink:#16191d;--muted:#5d6672}
.runs{width:100%;overflow-x:auto;background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:6px 14px;margin:16px 0 12px}
.runs th,.runs td{padding:6px 12px 6px 0;text-align:right;white-space:nowrap}.runs :is(th,td):first-child{text-align:left;white-space:normal;color:var(--ink)}
.runs small{display:block;color:var(--muted)}.runs svg{display:inline-block;width:26px;height:8px;margin-right:8px}details{margin-bottom:8px}
</style>
<main>
<h1>${escapeHtml(title)}</h1>
<p class="note">What a run has otherwise is told against the first one; KL is that of its last step.</p>
<div class="runs">${outcomes(runs)}</div>
<section class="charts">${figures.join('')}</section>
${files.join('\n')}
</main>
</html>
`;
}

function outcomes(runs: readonly ComparedRun[]): string {
  const heads = ['Run', 'Steps', 'Student', 'Teacher', 'Agreement', 'KL'];
  const rows = runs.map(({ name, difference, data, device, curves, evaluations, kl }, i) => {
    const last = evaluations.at(-1);
    const about = [difference, data, device].filter(Boolean).join(' · ');
    const cells = [
      curves.step.length.toLocaleString('en-GB'),
      percent(last?.student.top1),
      percent(last?.teacher.top1),
      percent(last?.agreement),
      kl === undefined ? '–' : Number(kl.toPrecision(4)).toString(),
    ];
    return (
      `<tr><td>${swatch(i)}${escapeHtml(name)}<small>${escapeHtml(about)}</small></td>` +
      `${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`
    );
  });
  return `<table><tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr>${rows.join('')}</table>`;
}

const WIDTH = 440;
const HEIGHT = 190;
const GAP = 28;
const LINE = 18;

/** Several runs' curves as one SVG file. */
export function comparisonSvg(title: string, runs: readonly ComparedRun[]): string {
  const legend = runs.map(
    ({ name }, i) =>
      `<g transform="translate(${GAP} ${60 + i * LINE})">${line(i)}` +
      `<text class="name" x="34" y="8">${escapeHtml(name)}</text></g>`,
  );
  const top = 60 + runs.length * LINE + 28;
  const all = charts(runs);
  const drawn = all.map((chart, i) => {
    const x = GAP + (i % 2) * (WIDTH + GAP);
    const y = top + Math.floor(i / 2) * (HEIGHT + 2 * GAP);
    const place = `<svg x="${x}" y="${y + 12}" width="${WIDTH}" height="${HEIGHT}" `;
    return (
      `<text class="name" x="${x}" y="${y}">${escapeHtml(chart.title)}</text>` +
      lineChart(chart.title, chart.curves).replace('<svg ', place)
    );
  });
  const width = 2 * WIDTH + 3 * GAP;
  const height = top + Math.ceil(all.length / 2) * (HEIGHT + 2 * GAP);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    '<style>line{stroke:#dfe3e8}text{font:11px system-ui,sans-serif;fill:#5d6672}' +
    '.title{font-size:18px;font-weight:600;fill:#16191d}.name{font-size:13px;fill:#16191d}' +
    'polyline{fill:none;stroke-width:1.8;stroke-linejoin:round}</style>' +
    `<rect width="${width}" height="${height}" fill="#fff"/>` +
    `<text class="title" x="${GAP}" y="38">${escapeHtml(title)}</text>${legend.join('')}${drawn.join('')}</svg>`
  );
}

function charts(runs: readonly ComparedRun[]): Chart[] {
  const curves = (pointsOf: (run: ComparedRun) => Curve['points']): Curve[] =>
    runs.map((run, i) => ({ name: run.name, ...style(i), points: pointsOf(run) }));
  const accuracy = curves(({ evaluations }) =>
    evaluations.map(({ step, student }) => [step, 100 * (student.top1 ?? Number.NaN)]),
  );
  return [
    { title: 'Student’s accuracy, %', curves: accuracy },
    ...[...titles(runs)].map(([column, title]) => ({
      title,
      curves: curves((run) =>
        Array.from(run.curves[column] ?? [], (value, i) => [run.curves.step[i], value]),
      ),
    })),
  ];
}

/** The figures that any of the runs has, and what they are called. */
function titles(runs: readonly ComparedRun[]): Map<string, string> {
  const terms = runs.flatMap(({ run }) => Object.entries(methods[run.method].terms));
  return new Map([
    ['total', 'Total loss'],
    ...terms.map(([column, { title }]): [string, string] => [column, title]),
  ]);
}

const style = (i: number) => ({ colour: colours[i % colours.length], dash: dashes[i % dashes.length] });

function line(i: number): string {
  const { colour, dash } = style(i);
  return `<path d="M0 4H26" fill="none" stroke="${colour}" stroke-width="2"${dash ? ` stroke-dasharray="${dash}"` : ''}/>`;
}

const swatch = (i: number): string => `<svg viewBox="0 0 26 8" aria-hidden="true">${line(i)}</svg>`;
