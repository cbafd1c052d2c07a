import { useMemo } from 'react';
import { useStore } from '../store';
import type { Sizes } from './Symbol';

/** Shapes of the run in the engine. */
export function useSizes(): Sizes {
  const b = useStore((state) => state.loadedRun.train.batchSize);
  const n = useStore((state) => state.data && Math.min(state.data.texts, state.loadedRun.loss.maxTexts));
  const d = useStore((state) => state.evaluation?.features.teacherMean.length);
  return useMemo(() => ({ b, n, d }), [b, n, d]);
}
