import { reset, step, togglePlay, useStore, wantsRestart } from '../store';

/** Play, one step, start again. Play is there from the start: pressed early, it is kept until the models are ready. */
export function Transport() {
  const wantsPlay = useStore((state) => state.wantsPlay);
  const pending = useStore((state) => wantsRestart(state) && state.metrics !== undefined);
  return (
    <div className="transport">
      <button
        type="button"
        className="button is-primary play"
        title="Space"
        onClick={() => void togglePlay()}
      >
        <svg width="10" height="12" viewBox="0 0 10 12" aria-hidden="true" fill="currentColor">
          <path d={wantsPlay ? 'M0 .5h3.4v11H0zM6.6.5H10v11H6.6z' : 'M0 0 10 6 0 12z'} />
        </svg>
        {wantsPlay ? 'Pause' : 'Play'}
      </button>
      <button
        type="button"
        className="button is-icon"
        aria-label="Step"
        title="One step (.)"
        onClick={() => void step()}
      >
        <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true" fill="currentColor">
          <path d="M0 0 8 6 0 12zM9.6.5H12v11H9.6z" />
        </svg>
      </button>
      <button
        type="button"
        className="button is-icon"
        aria-label="Reset"
        title={pending ? 'Start again with what was changed (r)' : 'Start again (r)'}
        onClick={() => void reset()}
      >
        <svg
          width="14"
          height="14"
          viewBox="0 0 14 14"
          aria-hidden="true"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.6"
          strokeLinecap="round"
          strokeLinejoin="round"
        >
          <path d="M2.2 4.2A5.6 5.6 0 1 1 1.4 7.6M1.8 1.2 2 4.4l3.2-.3" />
        </svg>
        {pending && <i className="pending-dot" />}
      </button>
    </div>
  );
}
