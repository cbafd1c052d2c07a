import type { AdaptedTeacher } from '../train/adaptTeacher';
import type { StepMetrics } from '../train/events';
import type { AdaptRun } from './adaptSchema';
import { effort, figure, percent, type Report, reportPage, tile } from './report';

/** All that a report of Stage I is made of. */
interface AdaptReport extends Pick<Report, 'title' | 'facts'>, Pick<AdaptedTeacher, 'before' | 'after'> {
  run: AdaptRun;
  metrics: StepMetrics[];
}

const CHARTS = [
  ['Total loss', 'total', 'ink'],
  ['Cross-entropy of the labels', 'crossEntropy', 'task'],
  ['Image features, from the frozen ones', 'image', 'teacher'],
  ['Text features, from the frozen ones', 'text', 'edu'],
  ['KL of the frozen and the prompted logits', 'kl', 'kl'],
  ['Learning rate', 'learningRate', 'muted'],
  ['Images per second', 'imagesPerSecond', 'muted'],
] as const;

/** Stage I's losses, the teacher's accuracy without and with prompts, and the settings as one self-contained page. */
export function adaptReportHtml({ title, run, metrics, facts, ...results }: AdaptReport): string {
  const { loss, average, train } = run;
  return reportPage({
    title,
    lead: `Stage I, PromptSRC, ${effort(metrics, train.batchSize)}`,
    tiles: accuracyTiles(results),
    charts: CHARTS.map(([name, key, colour]) =>
      figure(name, [{ name, colour: `var(--${colour})`, points: metrics.map((m) => [m.step, m[key]]) }]),
    ),
    facts,
    settings: Object.entries({ ...loss, ...average, ...train }).map(([name, value]) => [name, String(value)]),
    run,
  });
}

function accuracyTiles({ before, after }: Pick<AdaptedTeacher, 'before' | 'after'>): string {
  const where = after.heldOut ? 'held-out images' : 'training images (the data has no others)';
  const baseToNew = (name: string, { base, new: fresh, harmonicMean }: typeof after) =>
    base === undefined
      ? ''
      : ` ${name}: base ${percent(base)}, new ${percent(fresh)}, harmonic mean ${percent(harmonicMean)}.`;
  return `<section class="tiles">${tile('Teacher, as it was', 'teacher', before.top1, before.top5)}\
${tile('Teacher, adapted', 'student', after.top1, after.top5)}</section>
<p class="note">Zero-shot accuracy on ${after.images.toLocaleString('en-GB')} ${where}.\
${baseToNew('As it was', before)}${baseToNew('Adapted', after)}</p>`;
}
