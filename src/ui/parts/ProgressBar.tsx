import { useRef } from 'react';
import { cancelOpening } from '../../page/data/actions';
import { count, pace } from '../../page/format';
import { cancelModel } from '../../page/models/actions';
import type { Progress } from '../../page/state';
import styles from './ProgressBar.module.css';
import { useStore } from './stores';

/** What the engine is busy with. */
export function ProgressBar({ canCancel = true }: { canCancel?: boolean }) {
  const latest = useStore((state) => state.progress.at(-1));
  const cancel = useStore(({ opening, isOpeningModel }) =>
    isOpeningModel ? cancelModel : opening ? cancelOpening : undefined,
  );
  const perSecond = useRate(latest);
  if (!latest) return null;
  const { label, done, total, unit } = latest;
  const share = total > 0 ? done / total : undefined;
  return (
    <div className={styles.progress}>
      <span>
        {label}{' '}
        <b>
          {total > 0 ? `${amount(done, unit)} of ` : ''}
          {amount(total > 0 ? total : done, unit)} {unit === 'bytes' ? 'MB' : unit}
        </b>
        {unit === 'bytes' && perSecond !== undefined && perSecond > 0 && (
          <small>, {pace(done, total, perSecond)}</small>
        )}
      </span>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuenow={share === undefined ? undefined : Math.round(share * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
        className={share === undefined ? styles.isOpen : undefined}
      >
        <i style={{ transform: `scaleX(${share ?? 0.3})` }} />
      </div>
      {canCancel && cancel && (
        <button type="button" className="quiet" onClick={cancel}>
          Cancel
        </button>
      )}
    </div>
  );
}

/** A rate is told after so long. */
const FIRST_RATE_MS = 1000;

/** Units a second since the action began; a download that is resumed does not begin with nothing. */
function useRate(progress: Progress | undefined): number | undefined {
  const start = useRef<{ label: string; done: number; at: number }>(undefined);
  if (!progress) {
    start.current = undefined;
    return undefined;
  }
  const { label, done } = progress;
  const at = performance.now();
  if (start.current?.label !== label || done < start.current.done) start.current = { label, done, at };
  const elapsed = at - start.current.at;
  return elapsed < FIRST_RATE_MS ? undefined : (1000 * (done - start.current.done)) / elapsed;
}

const amount = (n: number, unit: string): string =>
  unit === 'bytes' ? (n / 1e6).toFixed(1) : count(Math.round(n));
