import { report, store } from './store';

/** Says that the engine's worker could not begin, or met an error that nothing in it caught. */
export function engineFailed(): void {
  if (store.getState().device) {
    report('The engine met an error of its own: if nothing moves any more, reload the page.');
    return;
  }
  store.setState({ phase: 'failed' });
  report(
    'The engine could not be started. Check the connection and reload the page, or try another browser.',
  );
}
