import { mean } from '../../page/runs/figures';
import { useKept, useStore } from '../parts/stores';

/** Images a second, as the latest run here has shown; undefined before any has. */
export function useImagesPerSecond(): number | undefined {
  const now = useStore((state) => state.metrics?.imagesPerSecond);
  const device = useStore((state) => state.device?.description);
  const before = useKept((state) => state.runs.find((run) => run.device === device));
  if (now !== undefined) return now;
  return before && mean(before.curves.imagesPerSecond.subarray(-100));
}
