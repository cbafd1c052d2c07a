import { report, store } from './store';

/** Says that the engine's worker could not begin, or met an error that nothing in it caught. */
export function engineFailed(): void {
  if (store.getState().device) {
    report(
      'The engine met an error of its own. If nothing moves any more, reload the page; the runs so far are kept.',
    );
    return;
  }
  store.setState({ phase: 'failed' });
  report(
    'The engine could not be started: its program did not arrive, or this browser can’t run it. ' +
      'Check the connection and reload the page, or open it in a current Chrome, Edge, Safari or Firefox.',
  );
}
