import { plural } from '../format';
import { duration } from '../runs/duration';
import { history, report, store } from '../store';

/** A shorter halt is not worth a word. */
const LEAST_MS = 10_000;
/** Nor is one of a few steps' time. */
const STEPS = 10;

/** From now on, who comes back to a hidden tab is told how long the browser let it stand still while it should have trained. */
export function watchHidden(): void {
  let stepBefore: number | undefined;
  document.addEventListener('visibilitychange', () => {
    const isRunning = store.getState().phase === 'running';
    if (document.visibilityState === 'hidden') {
      stepBefore = isRunning ? history.length : undefined;
      history.longestHalt = 0;
    } else if (stepBefore !== undefined && isRunning) tell(stepBefore);
  });
}

function tell(stepBefore: number): void {
  const halt = Math.max(history.longestHalt, Date.now() - history.pushedAt);
  const { loadedRun, metrics } = store.getState();
  const step = (1000 * loadedRun.train.batchSize) / (metrics?.imagesPerSecond ?? Number.POSITIVE_INFINITY);
  if (halt < Math.max(LEAST_MS, STEPS * step)) return;
  const steps = history.length - stepBefore;
  report(
    `While this tab was hidden, the browser or the machine let it stand still for ${duration(halt / 1000)}; ${plural(steps, 'step')} came meanwhile. Training goes on where it was.`,
    true,
  );
}
