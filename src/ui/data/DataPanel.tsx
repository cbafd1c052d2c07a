import clsx from 'clsx';
import { lazy, Suspense, useState } from 'react';
import { useStore } from '../store';
import { ConceptsDialog } from './ConceptsDialog';
import { CreditsDialog } from './CreditsDialog';
import { DataCounts } from './DataCounts';
import { DropTarget } from './DropTarget';
import styles from './data.module.css';
import { Thumbnails } from './Thumbnails';
import { UnlabelledDialog } from './UnlabelledDialog';

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
  return (
    <section className={clsx('panel', !isDemo && styles.isDropped)} aria-label="Data">
      <div className="panel-head">
        <h2>Data</h2>
        <div>
          {data && (
            <button type="button" className="quiet" onClick={() => setOpen('review')}>
              Look closer
            </button>
          )}
          {data && data.credits.length > 0 && (
            <button type="button" className="quiet" onClick={() => setOpen('credits')}>
              Credits
            </button>
          )}
          {hasGroups && (
            <button type="button" className="quiet" onClick={() => setOpen('concepts')}>
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
      {open === 'concepts' && <ConceptsDialog onClose={close} />}
      {open === 'credits' && <CreditsDialog onClose={close} />}
      <Suspense>
        {data && (open === 'review' || open === 'skipped') && (
          <ReviewDialog data={data} first={open === 'skipped' ? 'skipped' : 'overview'} onClose={close} />
        )}
      </Suspense>
      {unlabelled && <UnlabelledDialog message={unlabelled.message} />}
    </section>
  );
}
