import { createStore } from 'zustand/vanilla';
import { store } from '../store';

/** Whether the screen is to stay on while a run of this visit trains; undefined where the browser can't see to it. */
export const wakeLockStore = createStore<{ isWanted?: boolean }>(() => ({}));

let held: WakeLockSentinel | undefined;
let isAsking = false;

/** From now on the user can want it. */
export function watchScreen(): void {
  if (!('wakeLock' in navigator)) return;
  wakeLockStore.setState({ isWanted: false });
  wakeLockStore.subscribe(update);
  store.subscribe(({ phase }, before) => phase !== before.phase && update());
  // Hidden tabs lose it.
  document.addEventListener('visibilitychange', update);
}

export const wantScreen = (isWanted: boolean): void => wakeLockStore.setState({ isWanted });

const isNeeded = (): boolean =>
  wakeLockStore.getState().isWanted === true &&
  store.getState().phase === 'running' &&
  document.visibilityState === 'visible';

function update(): void {
  if (isNeeded() && (!held || held.released)) void ask();
  else if (!isNeeded()) void held?.release();
}

async function ask(): Promise<void> {
  if (isAsking) return;
  isAsking = true;
  try {
    held = await navigator.wakeLock.request('screen');
  } catch {
    // A battery that is low, or a system that does not let it: the run goes on all the same.
  }
  isAsking = false;
  if (!isNeeded()) void held?.release();
}
