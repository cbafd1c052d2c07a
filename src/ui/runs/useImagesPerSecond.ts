import { imagesPerSecondOf } from '../../page/runs/duration';
import { stepsOf } from '../../page/runs/figures';
import { runSoFar } from '../../page/store';
import { useKept, useStore } from '../parts/stores';

/** Images a second of training, as the longer of the run of now and the one before it has shown; undefined before any has. */
export function useImagesPerSecond(): number | undefined {
  useStore((state) => state.version);
  const device = useStore((state) => state.device?.description);
  const before = useKept((state) => state.runs.find((run) => run.device === device));
  const now = runSoFar();
  // A run's first steps are slow.
  const run = now && (!before || stepsOf(now) >= stepsOf(before)) ? now : before;
  return run && imagesPerSecondOf(run);
}
