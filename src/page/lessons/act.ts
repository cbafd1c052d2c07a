import { changed, has } from '../change';
import { openBoxStore } from '../inspect/openBox';
import { type State, wantsPlay } from '../state';
import { changeRun, reset, store, togglePlay } from '../store';
import type { Action } from './lesson';

/** Does on the page what the step says. A run that has its settings goes on. */
export async function act({ restart, play, ...change }: NonNullable<Action['set']>): Promise<void> {
  changeRun(changed(store.getState().run, change));
  if (restart && !has(store.getState().loadedRun, change)) await reset();
  if (play && !wantsPlay(store.getState())) await togglePlay();
}

/** True where all is there that the step waits for. */
export function isSeen(wait: NonNullable<Action['wait']>, state: State): boolean {
  const { step, accuracy, opened, isDemo, ...settings } = wait;
  const reached = state.evaluations.at(-1)?.student.top1 ?? 0;
  return (
    has(state.loadedRun, settings) &&
    (step === undefined || (state.metrics?.step ?? 0) >= step) &&
    (accuracy === undefined || reached >= accuracy) &&
    (isDemo === undefined || state.isDemo === isDemo) &&
    (opened === undefined || openBoxStore.getState().box === opened)
  );
}
