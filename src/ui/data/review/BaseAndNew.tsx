import { baseClassCount } from '../../../data/splits/baseClasses';
import { plural } from '../../../page/format';
import type { DataSummary } from '../../../worker/api';
import styles from './classes.module.css';

/** Which classes are base and which are new: a bar for each in label order, as high as it has images. */
export function BaseAndNew({ counts }: { counts: DataSummary['classCounts'] }) {
  const n = counts.length;
  const base = baseClassCount(n);
  const totals = counts.map(({ train, test }) => train + test);
  const isTrained = counts.slice(base).some(({ train }) => train > 0);
  const most = totals.reduce((a, b) => Math.max(a, b), 1);
  const bars = (from: number, to: number) =>
    totals
      .slice(from, to)
      .map((total, i) => `M${from + i + 0.1} 1V${1 - Math.max(0.03, total / most)}h${n > 200 ? 1 : 0.8}V1z`)
      .join('');
  return (
    <figure className={styles.baseNew}>
      <svg viewBox={`0 0 ${n} 1`} preserveAspectRatio="none" aria-hidden="true">
        <path className={styles.isBase} d={bars(0, base)} />
        <path className={styles.isNew} d={bars(base, n)} />
      </svg>
      <figcaption>
        <span className={styles.isBase} style={{ width: `${(100 * base) / n}%` }}>
          <b>base</b> {base === 1 ? 'class 1' : `classes 1 to ${base}`}
        </span>
        {n > 1 && (
          <span className={styles.isNew}>
            <b>{isTrained ? '2nd half' : 'new'}</b>{' '}
            {n - base === 1 ? `class ${n}` : `classes ${base + 1} to ${n}`}
          </span>
        )}
      </figcaption>
      <p className="muted">
        A bar a class in label order, at most {plural(most, 'image')}. Accuracy is measured on base and on new
        classes separately, each among its own.
        {isTrained && ' Both are trained on here: they are new only where their images are kept for testing.'}
      </p>
    </figure>
  );
}
