import type { OnProgress, Progress } from '../files/folder';
import { escaped, nameOnALine } from './say';

const BAR_WIDTH = 24;
const LINE_EVERY_MS = 5000;
const REDRAW_EVERY_MS = 100;

/** Shows progress on standard error: a bar with rate and time left on a terminal, plain lines now and then elsewhere. */
export function progressPrinter(): OnProgress {
  const { stderr } = process;
  const started = new Map<string, { at: number; done: number }>();
  let shownAt = performance.now();
  return (progress) => {
    const now = performance.now();
    // A download that is resumed does not start from nothing.
    const start = started.get(progress.label) ?? { at: now, done: progress.done };
    started.set(progress.label, start);
    const isEnd = progress.done === progress.total;
    if (isEnd) started.delete(progress.label);
    if (!isEnd && now - shownAt < (stderr.isTTY ? REDRAW_EVERY_MS : LINE_EVERY_MS)) return;
    shownAt = now;
    const text = describe(
      { ...progress, label: escaped(nameOnALine(progress.label)) },
      (now - start.at) / 1000,
      start.done,
    );
    if (!stderr.isTTY) {
      stderr.write(`${text}\n`);
      return;
    }
    const line = `${bar(progress)} ${text}`.slice(0, (stderr.columns || 80) - 1);
    // Back to the line's beginning, over it, and clear what was left of a longer one.
    stderr.write(`\r${line}\x1b[K${isEnd ? '\n' : ''}`);
  };
}

function bar({ done, total }: Progress): string {
  const filled = total > 0 ? Math.round((BAR_WIDTH * done) / total) : 0;
  return '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
}

function describe({ label, done, total, unit }: Progress, seconds: number, before: number): string {
  const amount = total > 0 ? `${format(done)} of ${format(total)} ${unit}` : `${format(done)} ${unit}`;
  if (done === total) return `${label}: ${format(done)} ${unit} in ${seconds.toFixed(1)} s`;
  const rate = (done - before) / seconds;
  if (!Number.isFinite(rate) || rate === 0) return `${label}: ${amount}`;
  const left = total > 0 ? `, ${Math.ceil((total - done) / rate)} s left` : '';
  return `${label}: ${amount}, ${rate >= 10 ? format(Math.round(rate)) : rate.toFixed(1)}/s${left}`;
}

function format(n: number): string {
  return n.toLocaleString('en-GB');
}
