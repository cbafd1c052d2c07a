import clsx from 'clsx';
import { lazy, Suspense, useState } from 'react';
import { openDemo } from '../../page/data/actions';
import { store } from '../../page/store';
import { useStore } from '../parts/stores';
import { DataCounts } from './DataCounts';
import { DropTarget } from './DropTarget';
import styles from './data.module.css';
import { Thumbnails } from './Thumbnails';

const ConceptsDialog = lazy(() =>
  import('./ConceptsDialog').then((module) => ({ default: module.ConceptsDialog })),
);
const CreditsDialog = lazy(() =>
  import('./CreditsDialog').then((module) => ({ default: module.CreditsDialog })),
);
const UnlabelledDialog = lazy(() =>
  import('./UnlabelledDialog').then((module) => ({ default: module.UnlabelledDialog })),
);
const ReviewDialog = lazy(() =>
  import('./review/ReviewDialog').then((module) => ({ default: module.ReviewDialog })),
);

export function DataPanel() {
  const [open, setOpen] = useState<'concepts' | 'credits' | 'review' | 'skipped'>();
  const data = useStore((state) => state.data);
  const hasGroups = useStore((state) => state.groups.length > 0);
  const isDemo = useStore((state) => state.isDemo);
  const unlabelled = useStore((state) => state.unlabelled);
  const close = () => setOpen(undefined);
  // Buttons are there before what they open is: where the head takes two lines, their coming would move all below it.
  return (
    <section className={clsx('panel', styles.data, !isDemo && styles.isDropped)} aria-label="Data">
      <div className="panel-head">
        <h2>Data</h2>
        <div>
          <button type="button" className="quiet" disabled={!data} onClick={() => setOpen('review')}>
            Look closer
          </button>
          {(data ? data.credits.length > 0 : isDemo) && (
            <button type="button" className="quiet" disabled={!data} onClick={() => setOpen('credits')}>
              Credits
            </button>
          )}
          {(hasGroups || isDemo) && (
            <button
              type="button"
              className="quiet"
              disabled={!hasGroups}
              onClick={() => (isDemo ? setOpen('concepts') : void openDemo(store.getState().concepts))}
            >
              {isDemo ? 'Concepts' : 'Back to the demo'}
            </button>
          )}
        </div>
      </div>
      <DropTarget />
      <Thumbnails />
      {data ? (
        <DataCounts data={data} onSkipped={() => setOpen('skipped')} />
      ) : (
        <div className={styles.counts} />
      )}
      <Suspense>
        {open === 'concepts' && <ConceptsDialog onClose={close} />}
        {open === 'credits' && <CreditsDialog onClose={close} />}
        {unlabelled && <UnlabelledDialog message={unlabelled.message} />}
        {data && (open === 'review' || open === 'skipped') && (
          <ReviewDialog data={data} first={open === 'skipped' ? 'skipped' : 'overview'} onClose={close} />
        )}
      </Suspense>
    </section>
  );
}
