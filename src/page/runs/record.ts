import { engine } from '../engine';
import type { Phase } from '../state';
import { saveRun, store } from '../store';
import { hideOtherData, loadKept } from './kept';
import { recallQueue } from './queue';

/** So often the run of the moment is stored while it trains, or more rarely, where that would be over a hundredth of the time. */
const SAVE_EVERY_MS = 5000;
const MOST_SHARE = 0.01;
const resting: Phase[] = ['paused', 'diverged', 'finished', 'failed'];

/** Brings the runs of earlier visits, and from now on stores the run of the moment, so that a closed tab costs a few steps. */
export function startRecording(): void {
  void loadKept().then(() => {
    const { data } = store.getState();
    if (data) hideOtherData(data.name);
  });
  void recallQueue();
  store.subscribe(({ phase, version, data }, before) => {
    // The last step may come after the pause.
    const isNew = phase !== before.phase || version !== before.version;
    if (isNew && resting.includes(phase)) saveRun();
    if (data && data.name !== before.data?.name) hideOtherData(data.name);
  });
  saveAgain(SAVE_EVERY_MS);
  const keep = () => {
    saveRun();
    void engine.keepCheckpoint();
  };
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') keep();
  });
  addEventListener('pagehide', keep);
}

function saveAgain(wait: number): void {
  setTimeout(() => {
    const began = performance.now();
    if (store.getState().phase === 'running') saveRun();
    saveAgain(Math.max(SAVE_EVERY_MS, (performance.now() - began) / MOST_SHARE));
  }, wait);
}
