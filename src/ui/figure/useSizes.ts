import { useMemo } from 'react';
import { useStore } from '../store';

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

/** Shapes of the run in the engine. */
export function useSizes(): Sizes {
  const b = useStore((state) => state.loadedRun.train.batchSize);
  const n = useStore((state) => state.data && Math.min(state.data.texts, state.loadedRun.loss.maxTexts));
  const d = useStore((state) => state.evaluation?.features.teacherMean.length);
  const s = useStore((state) => state.student?.projectionDim);
  return useMemo(() => ({ b, n, d, s }), [b, n, d, s]);
}

/** 'bd' → '64×128', with the letter itself where a size is not known yet. */
export function shapeOf(letters: string, sizes: Sizes): string {
  const named: Record<string, string> = { n: 'N', d: 'd', s: 'dₛ' };
  const known: Record<string, number | undefined> = { ...sizes };
  return [...letters].map((letter) => known[letter] ?? named[letter]).join('×');
}
