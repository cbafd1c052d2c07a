import Papa from 'papaparse';
import { type ComparedRun, comparisonHtml, comparisonSvg } from '../../run/comparison';
import { reportHtml } from '../../run/report';
import { differenceInWords } from '../describeRun';
import { columnsOf, metricsAt } from '../history';
import { outcomeOf } from './figures';
import { nameOf } from './nameOf';
import type { KeptRun } from './stored';

export const formats = [
  ['csv', 'CSV, every step'],
  ['json', 'JSON, to import'],
  ['html', 'HTML report'],
  ['svg', 'SVG of the charts'],
  ['png', 'PNG of the charts'],
] as const;
export type Format = (typeof formats)[number][0];

/** What the page's own JSON of runs begins with. */
export const FORMAT = 'clip-distillery runs';

const PNG_SCALE = 2;

/** These runs as a file. */
export async function exportRuns(runs: readonly KeptRun[], format: Format): Promise<Blob> {
  const title = runs.length === 1 ? nameOf(runs[0]) : `${runs.length} runs`;
  switch (format) {
    case 'csv':
      return new Blob([csv(runs)], { type: 'text/csv' });
    case 'json':
      return new Blob([json(runs)], { type: 'application/json' });
    case 'html':
      return new Blob([runs.length === 1 ? reportOf(runs[0]) : comparisonHtml(title, compared(runs))], {
        type: 'text/html',
      });
    case 'svg':
      return svg(title, runs);
    case 'png':
      return rasterise(svg(title, runs));
  }
}

/** A row a step, with what was measured after it. */
function csv(runs: readonly KeptRun[]): string {
  const figures = columnsOf(Object.assign({}, ...runs.map(({ curves }) => curves)));
  return Papa.unparse(
    runs.flatMap((run) => {
      const measured = new Map(run.evaluations.map((one) => [one.step, one]));
      return Array.from(run.curves.step, (step, i) => ({
        run: nameOf(run),
        ...metricsAt(run.curves, i + 1),
        studentAccuracy: measured.get(step)?.student.top1,
        teacherAccuracy: measured.get(step)?.teacher.top1,
        agreement: measured.get(step)?.agreement,
      }));
    }),
    {
      columns: ['run', ...figures, 'studentAccuracy', 'teacherAccuracy', 'agreement'],
      escapeFormulae: true,
    },
  );
}

/** Everything but students; figures that are no numbers are null, as JSON has it. */
function json(runs: readonly KeptRun[]): string {
  const plain = runs.map(({ curves, trained, ...run }) => ({
    ...run,
    curves: Object.fromEntries(columnsOf(curves).map((name) => [name, Array.from(curves[name])])),
  }));
  return JSON.stringify({ format: FORMAT, version: 1, runs: plain });
}

function reportOf(kept: KeptRun): string {
  const { run, curves, evaluations, teacher, student, data, device } = kept;
  return reportHtml({
    title: nameOf(kept),
    run,
    metrics: Array.from(curves.step, (_, i) => metricsAt(curves, i + 1)),
    evaluations,
    facts: [
      ['Teacher', teacher],
      ['Student', student],
      ['Data', data],
      ['Run on', device],
      ['Begun', new Date(kept.startedAt).toLocaleString('en-GB')],
    ],
  });
}

const compared = (runs: readonly KeptRun[]): ComparedRun[] =>
  runs.map((run) => ({
    ...run,
    name: nameOf(run),
    difference: differenceInWords(run.run, runs[0].run),
    kl: outcomeOf(run).kl,
  }));

const svg = (title: string, runs: readonly KeptRun[]): Blob =>
  new Blob([comparisonSvg(title, compared(runs))], { type: 'image/svg+xml' });

async function rasterise(file: Blob): Promise<Blob> {
  const url = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width * PNG_SCALE, image.height * PNG_SCALE);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await canvas.convertToBlob({ type: 'image/png' });
  } finally {
    URL.revokeObjectURL(url);
  }
}
