import clsx from 'clsx';
import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import type { Prediction } from '../../evaluate/results';
import { type Filter, filters, isShown } from '../../page/inspect/filter';
import { type Order, orders } from '../../page/inspect/order';
import { Menu } from '../parts/Menu';
import { useChosen, useCompared, useStore } from '../parts/stores';
import { Gallery } from './Gallery';
import styles from './inspect.module.css';
import { useSteadyOrder } from './useSteadyOrder';

/** It comes when two students are first compared. */
const ComparedGallery = lazy(() => import('./compare/ComparedGallery'));

const none: Prediction[] = [];

/** The gallery with its search, filter and order. */
export function Predictions({ head }: { head: ReactNode }) {
  const [order, setOrder] = useState<Order>('disagreement');
  const [filter, setFilter] = useState<Filter>('all');
  const [search, setSearch] = useState('');
  const predictions = useStore((state) => state.evaluation?.predictions ?? none);
  const sorted = useSteadyOrder(predictions, order, filter);
  const shown = useMemo(
    () => sorted.filter((prediction) => isShown(prediction, filter, search)),
    [sorted, filter, search],
  );
  const chosen = useChosen((state) => state.image);
  const other = useCompared((state) => state.other);
  return (
    <>
      <div className="panel-head">
        {head}
        <input
          type="search"
          className={styles.search}
          aria-label="Search the predictions"
          placeholder="Search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <Menu label="Show" value={filter} options={filters} onChange={setFilter} />
        <Menu label="Order" value={order} options={orders} onChange={setOrder} />
      </div>
      {shown.length > 0 ? (
        <Suspense fallback={<Gallery predictions={shown} chosen={chosen} />}>
          {other ? (
            <ComparedGallery predictions={shown} chosen={chosen} other={other} />
          ) : (
            <Gallery predictions={shown} chosen={chosen} />
          )}
        </Suspense>
      ) : (
        <p className={clsx('muted', styles.waiting)}>
          {predictions.length > 0
            ? 'No image here is like that.'
            : 'Here the teacher and the student name pictures that neither has trained on.'}
        </p>
      )}
    </>
  );
}
