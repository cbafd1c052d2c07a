import { useVirtualizer } from '@tanstack/react-virtual';
import clsx from 'clsx';
import { useDeferredValue, useEffect, useState } from 'react';
import { plural } from '../../../page/format';
import type { ImageRow } from '../../../worker/api';
import { DataImage } from '../../parts/DataImage';
import { Scroller } from '../../parts/Scroller';
import { useSize } from '../../parts/useSize';
import styles from './imageGrid.module.css';
import review from './review.module.css';
import { type FoundImages, useImageRows } from './useImageRows';

/** Pixels: how wide a cell is at least, what lies beside its picture, and what below it: two lines and a gap. */
const CELL = { width: 128, beside: 10, below: 50 };
const NO_PICTURE_YET = 100;

/** All images with their texts. Only what is in sight is asked for, so that there may be 100,000. */
export function ImageGrid() {
  const [search, setSearch] = useState('');
  const found = useImageRows(useDeferredValue(search.trim()));
  return (
    <div className={review.column}>
      <div className={styles.imageSearch}>
        <input
          type="search"
          className="field"
          placeholder="Search texts and file names"
          aria-label="Search texts and file names"
          dir="auto"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <span className="muted" role="status">
          {found ? plural(found.total, 'image') : ''}
        </span>
      </div>
      {found && <Grid found={found} />}
    </div>
  );
}

function Grid({ found }: { found: FoundImages }) {
  const [ref, { width }] = useSize<HTMLElement>();
  const columns = Math.max(1, Math.floor(width / CELL.width));
  const height = width / columns - CELL.beside + CELL.below;
  const rows = useVirtualizer({
    count: width > 0 ? Math.ceil(found.total / columns) : 0,
    getScrollElement: () => ref.current,
    estimateSize: () => height,
    overscan: 2,
  });
  const indices = rows.getVirtualItems().flatMap(({ index, start }) =>
    Array.from({ length: Math.min(columns, found.total - index * columns) }, (_, column) => ({
      place: index * columns + column,
      style: {
        width: `${100 / columns}%`,
        height,
        transform: `translate(${column * 100}%, ${start}px)`,
      },
    })),
  );
  // Rows measured before are of the height that they had then.
  useEffect(() => rows.measure(), [rows, height]);
  const [first, last] = [indices.at(0)?.place ?? 0, indices.at(-1)?.place ?? 0];
  useEffect(() => found.show(first, last + 1));
  return (
    <Scroller ref={ref} className={clsx(review.rows, styles.imageGrid)} label="Images and their texts">
      <ul style={{ height: rows.getTotalSize() }}>
        {indices.map(({ place, style }) => (
          <li key={place} style={style} aria-setsize={found.total} aria-posinset={place + 1}>
            <Cell row={found.rowAt(place)} />
          </li>
        ))}
      </ul>
      {found.total === 0 && <p className="muted">No image has this in its text or name.</p>}
    </Scroller>
  );
}

function Cell({ row }: { row: ImageRow | undefined }) {
  const isSettled = useSettled();
  if (!row) return <DataImage alt="" />;
  const text = row.texts.join('\n');
  return (
    <figure title={`${row.path}\n${text.slice(0, 1000)}`}>
      <DataImage index={isSettled ? row.index : undefined} alt={row.path} />
      <figcaption>
        <span className={styles.texts} dir="auto">
          {text.slice(0, 200) || 'unlabelled'}
        </span>
        {row.split && <small className={styles.split}>{row.split}</small>}
      </figcaption>
    </figure>
  );
}

/** True after a moment: what is scrolled past asks for no picture. */
function useSettled(): boolean {
  const [isSettled, setSettled] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), NO_PICTURE_YET);
    return () => clearTimeout(timer);
  }, []);
  return isSettled;
}
