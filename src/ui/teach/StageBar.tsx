import { useRef } from 'react';
import { count } from '../../page/format';
import type { Progress } from '../../page/state';
import styles from './teach.module.css';

/** What is being done, how much of it, and how long yet. */
export function StageBar({ progress }: { progress?: Progress }) {
  const left = useSecondsLeft(progress);
  if (!progress) return null;
  const { label, done, total, unit } = progress;
  const share = total > 0 ? done / total : 0;
  return (
    <div className={styles.bar}>
      <span>
        {label} <b>{`${count(done)} of ${count(total)} ${unit}`}</b>
        {left !== undefined && <small>, {left} s left</small>}
      </span>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuenow={Math.round(100 * share)}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <i style={{ transform: `scaleX(${share})` }} />
      </div>
    </div>
  );
}

/** By the pace since the action began; undefined until it is known. */
function useSecondsLeft(progress: Progress | undefined): number | undefined {
  const start = useRef<{ label: string; done: number; at: number }>(undefined);
  if (!progress) return undefined;
  const { label, done, total } = progress;
  const at = performance.now();
  if (start.current?.label !== label || done < start.current.done) start.current = { label, done, at };
  const perMs = (done - start.current.done) / (at - start.current.at);
  return perMs > 0 ? Math.ceil((total - done) / perMs / 1000) : undefined;
}
