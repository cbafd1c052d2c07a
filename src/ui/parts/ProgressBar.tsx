import { count } from '../format';
import { useStore } from '../store';
import './progressBar.css';

/** What the engine is busy with, in a place that is always there, so that nothing moves. */
export function ProgressBar() {
  const all = useStore((state) => state.progress);
  const latest = all.at(-1);
  if (!latest) return null;
  const { label, done, total, unit } = latest;
  const share = total > 0 ? done / total : undefined;
  return (
    <div className="progress">
      <span>
        {label}{' '}
        <b>
          {total > 0 ? `${amount(done, unit)} of ` : ''}
          {amount(total > 0 ? total : done, unit)} {unit === 'bytes' ? 'MB' : unit}
        </b>
      </span>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuenow={share === undefined ? undefined : Math.round(share * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
        className={share === undefined ? 'is-open' : ''}
      >
        <i style={{ transform: `scaleX(${share ?? 0.3})` }} />
      </div>
    </div>
  );
}

const amount = (n: number, unit: string): string =>
  unit === 'bytes' ? (n / 1e6).toFixed(1) : count(Math.round(n));
