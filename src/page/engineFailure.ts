import type { EngineEnd } from '../worker/client';
import { wantsPlay } from './state';
import { report, store } from './store';

/** Goes on with another engine where one has ended; says so where it could not begin. */
export function engineFailed(why: EngineEnd): void {
  const state = store.getState();
  if (state.data) {
    const wasPlaying = wantsPlay(state);
    void import('./survive/recover').then(
      ({ engineEnded }) => engineEnded(why, wasPlaying, engineFailed),
      () => report('The engine has ended, and the page can’t fetch what starts it anew: reload the page.'),
    );
    return;
  }
  store.setState({ phase: 'failed' });
  report(
    'The engine could not be started. Check the connection and reload the page, or try another browser.',
  );
}
