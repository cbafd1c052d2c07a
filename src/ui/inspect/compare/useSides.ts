import { useMemo } from 'react';
import { inOrder, nameOf } from '../../../page/inspect/compare';
import type { Evaluated } from '../../../page/inspect/compared';
import { useStore } from '../../parts/stores';

/** A student of a comparison, with what it is called. */
export interface Side extends Evaluated {
  name: string;
}

/** What is shown and what stands beside it, in the order in which they are shown. */
export function useSides(other: Evaluated): [Side, Side] | undefined {
  const evaluation = useStore((state) => state.evaluation);
  const run = useStore((state) => state.runId);
  return useMemo(() => {
    if (!evaluation) return undefined;
    const [first, second] = inOrder({ run, evaluation }, other);
    return [
      { ...first, name: nameOf(first) },
      { ...second, name: nameOf(second) },
    ];
  }, [other, evaluation, run]);
}
