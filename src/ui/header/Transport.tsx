import clsx from 'clsx';
import { Pause, Play, RotateCcw, StepForward } from 'lucide-react';
import { wantsPlay } from '../../page/state';
import { step, togglePlay, wantsRestart } from '../../page/store';
import { useStore } from '../parts/stores';
import { Tooltip } from '../parts/Tooltip';
import styles from './Transport.module.css';

/** Play, one step, start again. Play is there from the start: pressed early, it is kept until the models are ready. */
export function Transport({ onReset }: { onReset: () => void }) {
  const isPlaying = useStore(wantsPlay);
  const pending = useStore((state) => wantsRestart(state) && state.metrics !== undefined);
  return (
    <div className={styles.transport}>
      <Tooltip text={`${isPlaying ? 'Pause' : 'Play'} (space)`}>
        <button
          type="button"
          className={clsx('button is-primary', styles.play)}
          onClick={() => void togglePlay()}
        >
          {isPlaying ? <Pause /> : <Play />}
          {isPlaying ? 'Pause' : 'Play'}
        </button>
      </Tooltip>
      <Tooltip text="One step (.)">
        <button type="button" className="button is-icon" aria-label="Step" onClick={() => void step()}>
          <StepForward />
        </button>
      </Tooltip>
      <Tooltip text={pending ? 'Start again with what was changed (r)' : 'Start again (r)'}>
        <button type="button" className="button is-icon" aria-label="Reset" onClick={onReset}>
          <RotateCcw />
          {pending && <i className={styles.pendingDot} />}
        </button>
      </Tooltip>
    </div>
  );
}
