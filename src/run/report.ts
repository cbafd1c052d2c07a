import { methods } from '../distill/methods/methods';
import type { Evaluation } from '../evaluate/results';
import type { StepMetrics } from '../train/events';
import { type Curve, escapeHtml, lineChart } from './lineChart';
import { type Run, runFile } from './schema';

/** What of an evaluation a report shows. */
export type EvaluationSummary = Pick<
  Evaluation,
  'step' | 'images' | 'heldOut' | 'teacher' | 'student' | 'agreement'
>;

/** All that a report is made of. */
export interface Report {
  title: string;
  run: Run;
  metrics: StepMetrics[];
  evaluations: EvaluationSummary[];
  /** Lines of 'what: value' about models, data and machine. */
  facts: [name: string, value: string][];
}

/** A run's curves, accuracies and settings as one self-contained page, in the colours of the reader's system. */
export function reportHtml({ title, run, metrics, evaluations, facts }: Report): string {
  return reportPage({
    title,
    lead: summary(run, metrics),
    tiles: accuracyTiles(evaluations),
    charts: charts(run, metrics, evaluations),
    facts,
    settings: settings(run),
    run: runFile(run),
  });
}

/** What every report has. */
interface ReportPage extends Pick<Report, 'title' | 'facts'> {
  /** A line of text below the title. */
  lead: string;
  /** HTML. */
  tiles: string;
  charts: string[];
  settings: [name: string, value: string][];
  /** The run file. */
  run: unknown;
}

export function reportPage({ title, lead, tiles, charts, facts, settings, run }: ReportPage): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
<main>
<h1>${escapeHtml(title)}</h1>
<p class="lead">${escapeHtml(lead)}</p>
${tiles}
<section class="charts">${charts.join('')}</section>
<section class="columns">
<div><h2>Models and data</h2>${table(facts)}</div>
<div><h2>Settings</h2>${table(settings)}</div>
</section>
<details><summary>Run file</summary><pre>${escapeHtml(JSON.stringify(run, null, 2))}</pre></details>
</main>
</html>
`;
}

function summary({ method, train }: Run, metrics: StepMetrics[]): string {
  return `${methods[method].title}, ${effort(metrics, train.batchSize)}`;
}

/** How long a run was, and how fast. */
export function effort(metrics: Pick<StepMetrics, 'step' | 'imagesPerSecond'>[], batchSize: number): string {
  const speed =
    metrics.reduce((sum, { imagesPerSecond }) => sum + imagesPerSecond, 0) / (metrics.length || 1);
  return (
    `${(metrics.at(-1)?.step ?? 0).toLocaleString('en-GB')} steps of ${batchSize} images, ` +
    `${Math.round(speed).toLocaleString('en-GB')} images/s on average.`
  );
}

function accuracyTiles(evaluations: EvaluationSummary[]): string {
  const [first, last] = [evaluations.at(0), evaluations.at(-1)];
  if (!first || !last) return '';
  const tiles = [
    ['Teacher', 'teacher', last.teacher],
    ['Student, before', 'muted', first.student],
    ['Student, after', 'student', last.student],
  ] as const;
  const where = last.heldOut ? 'held-out images' : 'training images (the data has no others)';
  const unlabelled = last.student.top1 === undefined ? ' None of them has a label to be right about.' : '';
  const boxes = tiles.map(([name, colour, { top1, top5 }]) => tile(name, colour, top1, top5));
  return `<section class="tiles">${boxes.join('')}</section>
<p class="note">Zero-shot accuracy on ${last.images.toLocaleString('en-GB')} ${where}; the student gives the teacher’s \
answer for ${percent(last.agreement)} of them.${unlabelled}</p>`;
}

export const tile = (
  name: string,
  colour: string,
  top1: number | undefined,
  top5: number | undefined,
): string =>
  `<div style="--c:var(--${colour})"><small>${name}</small><b>${percent(top1)}</b><small>top 5: ${percent(top5)}</small></div>`;

function charts({ method }: Run, metrics: StepMetrics[], evaluations: EvaluationSummary[]): string[] {
  const metric = (title: string, key: string, colour: string) =>
    figure(title, [
      { name: title, colour: `var(--${colour})`, points: metrics.map((m) => [m.step, m[key]]) },
    ]);
  const accuracy = (name: 'teacher' | 'student'): Curve => ({
    name,
    colour: `var(--${name})`,
    points: evaluations.map((evaluation) => [evaluation.step, 100 * (evaluation[name].top1 ?? Number.NaN)]),
  });
  return [
    metric('Total loss', 'total', 'ink'),
    ...(evaluations.length > 0 ? [figure('Accuracy, %', [accuracy('teacher'), accuracy('student')])] : []),
    ...Object.entries(methods[method].terms).map(([key, { title, colour }]) => metric(title, key, colour)),
    metric('Learning rate', 'learningRate', 'muted'),
    metric('Images per second', 'imagesPerSecond', 'muted'),
  ];
}

export const figure = (title: string, curves: Curve[]): string =>
  `<figure><figcaption>${title}${curves.length > 1 ? legend(curves) : ''}</figcaption>${lineChart(title, curves)}</figure>`;

function legend(curves: Curve[]): string {
  return curves.map(({ name, colour }) => `<span style="--c:${colour}">${name}</span>`).join('');
}

function settings(run: Run): [string, string][] {
  const { method, train } = run;
  const entries = [...Object.entries(runFile(run).loss ?? {}), ...Object.entries(train)];
  return [['method', method], ...entries.map(([name, value]): [string, string] => [name, String(value)])];
}

function table(rows: [string, string][]): string {
  const lines = rows.map(
    ([name, value]) => `<tr><th>${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  return `<table>${lines.join('')}</table>`;
}

export function percent(share: number | undefined): string {
  return share === undefined ? '–' : `${(100 * share).toFixed(1)} %`;
}

/** Of every report; its colours are those of the page. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#f6f7f9;--panel:#fff;--line:#dfe3e8;--ink:#16191d;--muted:#6b7480;
--teacher:#0a6ebd;--student:#c2540a;--ifalign:#00805f;--edu:#a83e86;--kl:#5746af;--task:#5f6b00}
@media(prefers-color-scheme:dark){:root{--bg:#0f1216;--panel:#171b21;--line:#2b323c;--ink:#e9edf2;--muted:#97a1ae;
--teacher:#5fb2f2;--student:#f2964f;--ifalign:#45c7a0;--edu:#e48ac6;--kl:#a79bf2;--task:#c3d15a}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:14px/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1000px;margin:0 auto;padding:32px 20px 60px}
h1{font-size:24px;margin:0}h2{font-size:15px;margin:0 0 6px}.lead,.note{color:var(--muted);margin:4px 0 20px}
.tiles{display:grid;grid-template-columns:repeat(3,1fr);gap:12px}
.tiles div,figure,.columns>div,details{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:12px 14px;margin:0}
.tiles div{border-top:3px solid var(--c)}.tiles b{display:block;font-size:26px;line-height:1.3}.tiles small{color:var(--muted)}
.charts,.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(320px,1fr));gap:12px;margin-bottom:12px}
.columns{align-items:start}figcaption{font-weight:600}
figcaption span{float:right;font-weight:400;color:var(--muted);margin-left:14px}
figcaption span:before{content:"";display:inline-block;width:14px;height:3px;margin-right:5px;vertical-align:middle;background:var(--c)}
svg{display:block;width:100%;height:auto}svg line{stroke:var(--line)}svg text{font:11px system-ui,sans-serif;fill:var(--muted)}
polyline{fill:none;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}
table{border-collapse:collapse;width:100%}th{text-align:left;font-weight:400;color:var(--muted);padding:2px 12px 2px 0;vertical-align:top}
td{text-align:right;overflow-wrap:anywhere}pre{overflow:auto}
`;
