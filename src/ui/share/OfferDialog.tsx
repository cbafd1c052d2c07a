import { useState } from 'react';
import { download } from '../../page/download';
import { accept, contents, decline, type Offer } from '../../page/share/opening';
import { listed, losses } from '../../page/share/saved';
import { Dialog } from '../parts/Dialog';
import styles from './OfferDialog.module.css';

type Busy = 'saving' | 'opening';

/** Asks before work is replaced. */
export function OfferDialog({ offer }: { offer: Offer }) {
  const [busy, setBusy] = useState<Busy>();
  const [lost, setLost] = useState(losses);
  const [problem, setProblem] = useState('');
  const act = async (what: Busy, action: () => Promise<void>) => {
    setBusy(what);
    setProblem('');
    try {
      await action();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
    setBusy(undefined);
  };
  const save = async () => {
    const { saveFile } = await import('../../page/share/save');
    const all = { data: true, models: true, student: true, runs: false };
    const file = await saveFile(all, { signal: new AbortController().signal, onProgress: () => {} });
    download(file, file.name);
    setLost(losses());
  };
  return (
    <Dialog title={`Open ${offer.name}?`} onClose={() => decline(offer)}>
      <div className="dialog-body">
        <dl className={styles.sides}>
          <dt>Comes</dt>
          <dd dir="auto">{contents(offer.work)}</dd>
          <dt>Goes</dt>
          <dd aria-live="polite" dir="auto">
            {lost.length > 0
              ? `${listed(lost)}, which is saved nowhere. Curves stay under Runs.`
              : 'Nothing that is not saved.'}
          </dd>
        </dl>
        {problem && (
          <p role="alert" className={styles.problem}>
            {problem}
          </p>
        )}
      </div>
      <div className="dialog-foot">
        {lost.length > 0 && (
          <button
            type="button"
            className="button"
            disabled={busy !== undefined}
            onClick={() => void act('saving', save)}
          >
            {busy === 'saving' ? 'Saving…' : 'Save mine first'}
          </button>
        )}
        <span className="spring" />
        <button type="button" className="button" onClick={() => decline(offer)}>
          Cancel
        </button>
        <button
          type="button"
          className="button is-primary"
          disabled={busy !== undefined}
          onClick={() => void act('opening', () => accept(offer))}
        >
          {busy === 'opening' ? 'Opening…' : 'Open'}
        </button>
      </div>
    </Dialog>
  );
}
