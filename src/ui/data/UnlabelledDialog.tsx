import clsx from 'clsx';
import { useState } from 'react';
import { dismissUnlabelled, learnUnlabelled } from '../../page/data/actions';
import { typedNames } from '../../page/data/typedNames';
import { plural } from '../../page/format';
import { Dialog, focusFirst } from '../parts/Dialog';
import styles from './data.module.css';

/** Asks what may be in images that came without any text. */
export function UnlabelledDialog({ message }: { message: string }) {
  const [typed, setTyped] = useState('');
  const [error, setError] = useState(message);
  const [isBusy, setBusy] = useState(false);
  const classes = typedNames(typed);
  const submit = async () => {
    setBusy(true);
    try {
      await learnUnlabelled(classes);
    } catch (reason) {
      setError(reason instanceof Error ? reason.message : String(reason));
    }
    setBusy(false);
  };
  return (
    <Dialog title="What may be in these images?" onClose={dismissUnlabelled}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div className={clsx('dialog-body', styles.unlabelled)}>
          <p role="alert" className="notice is-problem">
            {error}
          </p>
          <label htmlFor="typed-classes">
            Name the classes that they may show, one a line or with commas between them. The student then
            learns from the images unlabelled: from how sure the teacher is of each name.
          </label>
          <textarea
            id="typed-classes"
            className="field"
            rows={7}
            dir="auto"
            placeholder={'sea otter\npeacock\nhedgehog'}
            ref={focusFirst}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </div>
        <div className="dialog-foot">
          <span className="muted" role="status">
            {classes.length < 2 ? 'Name at least 2.' : plural(classes.length, 'class', 'classes')}
          </span>
          <span className="spring" />
          <button type="button" className="button" onClick={dismissUnlabelled}>
            Not these images
          </button>
          <button type="submit" className="button is-primary" disabled={isBusy || classes.length < 2}>
            Use these names
          </button>
        </div>
      </form>
    </Dialog>
  );
}
