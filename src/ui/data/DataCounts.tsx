import clsx from 'clsx';
import { X } from 'lucide-react';
import { dismissRemembered, reopen } from '../../page/data/actions';
import { amount, count, plural } from '../../page/format';
import { reset } from '../../page/store';
import type { DataSummary } from '../../worker/api';
import { useStore } from '../parts/stores';
import styles from './data.module.css';
import { PartChips } from './PartChips';

interface Props {
  data: DataSummary;
  onSkipped: () => void;
}

export function DataCounts({ data, onSkipped }: Props) {
  const isDemo = useStore((state) => state.isDemo);
  const splits = Object.entries(data.splits).filter(([split]) => split !== 'all');
  // Of classes, since an image may have several captions.
  const hasUnlabelled = data.classes.length > 0 && data.training.labelled < data.training.images;
  const classes = data.classes.length > 0 ? [plural(data.classes.length, 'class', 'classes')] : [];
  const contents = (write: typeof count) =>
    [...classes, ...splits.map(([split, images]) => `${write(images)} ${split}`)].join(', ');
  return (
    <div className={styles.counts}>
      {isDemo ? (
        <p className={styles.dataName} title={`${data.name}, ${data.format}`}>
          <b>{data.name}</b> <span className="muted">{data.format}</span>
        </p>
      ) : (
        <>
          <PartChips />
          <Format data={data} />
        </>
      )}
      <p aria-live="polite">
        <b>{count(data.images)}</b> {data.images === 1 ? 'image' : 'images'}, <b>{count(data.pairs)}</b>{' '}
        {hasUnlabelled ? 'labelled' : data.pairs === 1 ? 'pair' : 'pairs'}
      </p>
      <p className={styles.dataName} title={contents(count)}>
        {contents((images) => (images < 10_000 ? count(images) : amount(images)))}
      </p>
      {isDemo ? (
        <Remembered fallback={<UnseenStyles data={data} />} />
      ) : (
        <SkippedCount data={data} onSkipped={onSkipped} />
      )}
    </div>
  );
}

/** What was recognised, and how far looking into the images has come, or what has come of it. */
function Format({ data }: { data: DataSummary }) {
  const waits = useStore((state) => state.isDataChanged && state.metrics !== undefined);
  return (
    <div className={clsx('muted', styles.footing)}>
      <span className={styles.dataName} title={`${data.format}: ${data.why}`}>
        {data.format}
      </span>
      <span className="spring" />
      {data.examined < data.images && (
        <span title="Every image is looked into once, for its size and to see that it can be read.">
          looked into {count(data.examined)} of {count(data.images)}
        </span>
      )}
      {waits && (
        <>
          <span>data changed</span>
          <button
            type="button"
            className="quiet is-strong"
            aria-label="Apply changed data and restart"
            title="Images or splits have changed since this run began; they apply from step 0"
            onClick={() => void reset()}
          >
            Restart
          </button>
        </>
      )}
    </div>
  );
}

function SkippedCount({ data, onSkipped }: Props) {
  return (
    <div className={styles.footing}>
      {data.skipped.length > 0 && (
        <button type="button" className={clsx('quiet', styles.isAlert)} onClick={onSkipped}>
          {plural(data.skipped.length, 'file')} skipped
        </button>
      )}
    </div>
  );
}

function UnseenStyles({ data }: { data: DataSummary }) {
  const unseen = data.credits.filter((credit) => credit.heldOut).map((credit) => credit.name);
  if (unseen.length === 0) return null;
  return (
    <p className={clsx('muted', styles.dataName)} title={`Held out from all training: ${unseen.join(', ')}`}>
      unseen styles: {unseen.join(', ')}
    </p>
  );
}

/** Offers the data of the last visit. */
function Remembered({ fallback }: { fallback: React.ReactNode }) {
  const name = useStore((state) => state.remembered);
  if (name === undefined) return fallback;
  return (
    <div className={styles.footing}>
      <button
        type="button"
        className="quiet is-strong"
        title={`Open ${name} again`}
        onClick={() => void reopen()}
      >
        Reopen {name}
      </button>
      <button type="button" className="quiet" aria-label={`Forget ${name}`} onClick={dismissRemembered}>
        <X />
      </button>
    </div>
  );
}
