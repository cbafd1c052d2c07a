import clsx from 'clsx';
import { useState } from 'react';
import { addHub } from '../../page/data/actions';
import { hubDataset } from '../../page/data/hubDataset';
import { Dialog, focusFirst } from '../parts/Dialog';
import styles from './data.module.css';

/** Asks for a data set of the Hugging Face hub. */
export function HubDialog({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const id = hubDataset(typed);
  return (
    <Dialog title="A Hugging Face data set" onClose={onClose}>
      <form
        className={clsx('dialog-body', styles.hub)}
        onSubmit={(event) => {
          event.preventDefault();
          if (!id) return;
          onClose();
          void addHub(id);
        }}
      >
        <input
          type="text"
          className="field"
          placeholder="owner/name"
          aria-label="Id or address of the data set"
          aria-describedby="hub-help"
          ref={focusFirst}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <button type="submit" className="button is-primary" disabled={!id}>
          Open
        </button>
        <p id="hub-help" className="muted">
          Its id, such as beans-lab/beans, or its address. Of its Parquet files only what is needed is
          fetched, straight from huggingface.co; nothing of yours is sent.
        </p>
      </form>
    </Dialog>
  );
}
