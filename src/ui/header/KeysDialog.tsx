import clsx from 'clsx';
import { Dialog } from '../parts/Dialog';
import { intro } from '../parts/intro';
import styles from './KeysDialog.module.css';
import { Network } from './Network';
import { Screen } from './Screen';

const keys = [
  ['Space', 'play and pause'],
  ['.', 'one step'],
  ['r', 'start again, with changed settings if there are any'],
  ['p', 'present: larger, for a room'],
  ['Escape', 'closes what is open'],
  ['?', 'this list'],
  ['← →', 'go through a lesson; move a focused slider'],
  ['Ctrl + Z', 'undo a change of settings; with Shift, redo it'],
  ['Ctrl + V', 'paste images'],
];

export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Help" onClose={onClose}>
      <p className={styles.intro}>{intro}</p>
      <dl className={clsx('dialog-body', styles.keys)}>
        {keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <div className={styles.rest}>
        <Screen />
        <Network />
        <p>
          clip-distillery is open source, and so is{' '}
          <a href="third-party-licences.txt" target="_blank" rel="noreferrer">
            what it is built with
          </a>
          .
        </p>
      </div>
    </Dialog>
  );
}
