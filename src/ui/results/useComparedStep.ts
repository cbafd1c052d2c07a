import { commonStep } from '../../page/runs/figures';
import { usePointer, useStore } from '../parts/stores';
import { useShownRuns } from './useShownRuns';

/** The step at which runs are compared: the pointer's, or else the last that all in the charts have reached, if any are. */
export function useComparedStep(): number | undefined {
  const pointed = usePointer((state) => state.step);
  const now = useStore(({ metrics }) => metrics?.step);
  const others = commonStep(useShownRuns());
  return pointed ?? (now === undefined || others === undefined ? (now ?? others) : Math.min(now, others));
}
