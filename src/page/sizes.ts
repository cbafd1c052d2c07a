import type { State } from './state';

/** Sizes that the figure speaks of; undefined before they are known. */
export interface Sizes {
  /** Images a batch. */
  b: number;
  /** Texts. */
  n: number | undefined;
  /** Features of the teacher. */
  d: number | undefined;
  /** Features of the student's own tower. */
  s: number | undefined;
}

export const sizesOf = ({ loadedRun, data, evaluation, student }: State): Sizes => ({
  b: loadedRun.train.batchSize,
  n: data && Math.min(data.texts, loadedRun.loss.maxTexts),
  d: evaluation?.features.teacherMean.length,
  s: student?.projectionDim,
});

/** 'bd' → '64×128', with the letter itself where a size is not known yet. */
export function shapeOf(letters: string, sizes: Sizes): string {
  const named: Record<string, string> = { n: 'N', d: 'd', s: 'dₛ' };
  const known: Record<string, number | undefined> = { ...sizes };
  return [...letters].map((letter) => known[letter] ?? named[letter]).join('×');
}
