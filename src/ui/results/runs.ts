import type { AccuracyPoint, PastRun } from '../state';

/** Colours of the runs before, latest first; names in tokens.css. */
export const runColours = ['kl', 'edu', 'ifalign', 'ink-3'];

/** The latest runs on the same data, which can be compared with the present one. */
export const shownRuns = (past: PastRun[], data: string | undefined): PastRun[] =>
  past
    .filter((run) => run.data === data)
    .slice(-runColours.length)
    .reverse();

export const bestOf = (accuracies: AccuracyPoint[]): number | undefined =>
  accuracies.length > 0 ? Math.max(...accuracies.map(({ student }) => student)) : undefined;
