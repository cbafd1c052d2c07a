import { engineFailed } from '../engineFailure';
import { store } from '../store';
import { engineEnded } from './recover';

/** So long nothing may be heard of an engine that trains, or ten times as long as before in this run. */
const SILENT_MS = 60_000;
const TIMES_LONGEST = 10;
const TICK_MS = 5000;

const isTraining = ({ phase }: { phase: string }): boolean => phase === 'running' || phase === 'pausing';

/** From now on, the page says where an engine that trains hangs: its worker lives, and is not heard of any more. */
export function watchSilence(): void {
  let heardAt = performance.now();
  let tickedAt = heardAt;
  let longest = 0;
  store.subscribe((state, before) => {
    const now = performance.now();
    const goesOn = isTraining(state) && isTraining(before) && state.runId === before.runId;
    longest = goesOn ? Math.max(longest, now - heardAt) : 0;
    heardAt = now;
    if (state.isSilent && before.isSilent) store.setState({ isSilent: false });
  });
  setInterval(() => {
    const now = performance.now();
    // The machine slept, or the tab was hidden.
    if (now - tickedAt > 2 * TICK_MS) heardAt = now;
    tickedAt = now;
    const { isSilent } = store.getState();
    const isTooLong = now - heardAt > Math.max(SILENT_MS, TIMES_LONGEST * longest);
    if (isTraining(store.getState()) && isTooLong && !isSilent) store.setState({ isSilent: true });
  }, TICK_MS);
}

/** Gives a silent engine up, and trains on with another from the last checkpoint. */
export function startAnew(): Promise<void> {
  store.setState({ isSilent: false });
  return engineEnded('silent', true, engineFailed);
}
