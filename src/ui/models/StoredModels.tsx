import { useCallback, useEffect, useState } from 'react';
import { engine } from '../../page/engine';
import { bytes, plural } from '../../page/format';
import { ago } from '../../page/models/words';
import type { StoredModelRow } from '../../worker/api';
import styles from './modelDialog.module.css';

interface Props {
  onError: (error: unknown) => void;
}

interface Quota {
  quota?: number;
  isPersistent: boolean;
}

/** What was downloaded and lies in this browser. */
export function StoredModels({ onError }: Props) {
  const [models, setModels] = useState<StoredModelRow[]>();
  const [{ quota, isPersistent }, setQuota] = useState<Quota>({ isPersistent: true });
  const look = useCallback(async () => {
    setModels(await engine.storedModels());
    const { quota } = (await navigator.storage?.estimate()) ?? {};
    setQuota({ quota, isPersistent: (await navigator.storage?.persisted()) ?? false });
  }, []);
  useEffect(() => void look().catch(onError), [look, onError]);
  const remove = (place?: string) => engine.deleteStoredModels(place).then(look).catch(onError);
  if (!models) return null;
  const total = models.reduce((sum, model) => sum + model.bytes, 0);
  return (
    <div className={styles.stored}>
      <p>
        {models.length === 0
          ? 'Nothing is stored: what you load from the hub or the web will be kept here for the next time.'
          : `${bytes(total)} of ${plural(models.length, 'model')}`}
        {quota !== undefined && (
          <span className="muted"> The browser gives this page {bytes(quota)} at most.</span>
        )}
        {models.length > 0 && !isPersistent && (
          <span className="muted"> It may delete all of it when the disk fills up.</span>
        )}
      </p>
      {models.length > 0 && (
        <ul aria-label="Stored models">
          {models.map(({ place, bytes: size, complete, usedAt, isInUse }) => (
            <li key={place}>
              <b title={place}>{place}</b>
              <span>{bytes(size)}</span>
              <span>{complete ? '' : 'not finished'}</span>
              <span className="muted">used {ago(usedAt, Date.now())}</span>
              {isInUse ? (
                <span className="muted">in use</span>
              ) : (
                <button
                  type="button"
                  className="button"
                  aria-label={`Delete ${place}`}
                  onClick={() => void remove(place)}
                >
                  Delete
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {models.some(({ isInUse }) => !isInUse) && models.length > 1 && (
        <button type="button" className="button" onClick={() => void remove()}>
          {models.some(({ isInUse }) => isInUse) ? 'Delete all that are not in use' : 'Delete all'}
        </button>
      )}
    </div>
  );
}
