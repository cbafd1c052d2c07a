import clsx from 'clsx';
import { fit, toDownload } from '../../page/models/words';
import { isPlace } from '../../run/demo';
import { ProgressBar } from '../parts/ProgressBar';
import { useStore } from '../parts/stores';
import styles from './modelDialog.module.css';
import type { Choice, Choosing } from './useChoice';

/** What is known of what is chosen, how far it is, what went wrong; and the button that loads it. */
export function DialogFoot({ choice, busy, error, load, cancel }: Choosing) {
  const isOpening = useStore((state) => state.isOpeningModel);
  const hasProgress = useStore((state) => state.progress.length > 0);
  const isReady = (choice && isPlace(choice.model)) || choice?.description !== undefined;
  const canCancel = busy === 'looking' || (busy === 'loading' && isOpening);
  return (
    <div className={clsx('dialog-foot', styles.modelsFoot)}>
      {error ? (
        <p role="alert" className="notice is-problem">
          {error}
        </p>
      ) : busy === 'loading' ? (
        <div>{hasProgress ? <ProgressBar canCancel={false} /> : 'Getting ready'}</div>
      ) : (
        <div className={styles.modelsStatus} role="status">
          {busy === 'looking' ? 'Looking it up' : <Facts choice={choice} />}
        </div>
      )}
      {canCancel && (
        <button type="button" className="button" onClick={cancel}>
          Cancel
        </button>
      )}
      <button
        type="button"
        className="button is-primary"
        disabled={!isReady || busy === 'loading'}
        onClick={load}
      >
        {label(choice)}
      </button>
    </div>
  );
}

function label(choice: Choice | undefined): string {
  if (!choice) return 'Load';
  return isPlace(choice.model) ? `Load as ${choice.role}` : 'Use as student';
}

function Facts({ choice }: { choice?: Choice }) {
  const device = useStore((state) => state.device);
  const precision = useStore((state) => state.teacherPrecision);
  const description = choice?.description;
  if (!description) return <span className="muted">Loading a model starts the training anew.</span>;
  const fitting = device && fit(description, choice.role, device, precision);
  return (
    <>
      {isPlace(choice.model) && (
        <p>
          <b>{toDownload(description)}</b> {description.remote && provenance(description.remote)}
        </p>
      )}
      {fitting && <p className={clsx(!fitting.fits && 'wrong')}>{fitting.sentence}</p>}
    </>
  );
}

const provenance = ({ licence, commit }: { licence?: string; commit: string }) =>
  `Licence: ${licence ?? 'not stated'}. Commit ${commit.slice(0, 7)}.`;
