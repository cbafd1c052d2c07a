import { useVirtualizer } from '@tanstack/react-virtual';
import clsx from 'clsx';
import Papa from 'papaparse';
import { useRef } from 'react';
import { download } from '../../../page/download';
import { plural } from '../../../page/format';
import type { DataSummary } from '../../../worker/api';
import { Scroller } from '../../parts/Scroller';
import styles from './review.module.css';

interface Props {
  name: string;
  skipped: DataSummary['skipped'];
}

/** Every file that is not used, and why. */
export function SkippedFiles({ name, skipped }: Props) {
  const ref = useRef<HTMLElement>(null);
  const rows = useVirtualizer({
    count: skipped.length,
    getScrollElement: () => ref.current,
    estimateSize: () => 44,
    overscan: 6,
  });
  const save = () => {
    // A spreadsheet would run a name that begins like a formula.
    const csv = Papa.unparse(skipped, { columns: ['file', 'reason'], escapeFormulae: true });
    download(new Blob([csv], { type: 'text/csv' }), `${name}-skipped.csv`);
  };
  return (
    <div className={styles.column}>
      <div className={styles.skippedHead}>
        <span className="muted">{plural(skipped.length, 'file')} skipped; all others are used.</span>
        <button type="button" className="button" onClick={save}>
          Download as CSV
        </button>
      </div>
      <Scroller ref={ref} className={clsx(styles.rows, styles.skippedList)} label="Skipped files">
        <ul style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => (
            <li
              key={index}
              ref={rows.measureElement}
              data-index={index}
              style={{ transform: `translateY(${start}px)` }}
            >
              <b dir="auto">{skipped[index].file}</b>
              <span dir="auto">{skipped[index].reason}</span>
            </li>
          ))}
        </ul>
      </Scroller>
    </div>
  );
}
