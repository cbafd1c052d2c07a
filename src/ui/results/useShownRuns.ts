import { useMemo } from 'react';
import type { KeptRun } from '../../page/runs/stored';
import { useKept, useStore } from '../parts/stores';

/** The runs drawn under the one of the moment, in the order of their line styles. */
export function useShownRuns(): KeptRun[] {
  const runs = useKept((state) => state.runs);
  const shown = useKept((state) => state.shown);
  const current = useStore((state) => state.runId);
  return useMemo(
    () => shown.flatMap((id) => runs.find((run) => run.id === id && id !== current) ?? []),
    [runs, shown, current],
  );
}
