import { useState } from 'react';
import { applyReview } from '../../../page/data/actions';
import { type Draft, draftOf, isSame, optionsOf } from '../../../page/data/draft';
import { changeTrain, store } from '../../../page/store';

export type Applying = ReturnType<typeof useApplying>;

/** Reads the data as drafts ask for, and knows how that goes and what came before it. */
export function useApplying(onDraft: (draft: Draft) => void) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const [undone, setUndone] = useState<Draft>();
  const apply = async (draft: Draft) => {
    const { run } = store.getState();
    const before = draftOf(run);
    setBusy(true);
    setError('');
    const options = optionsOf(draft);
    try {
      if (isSame({ ...draft, augment: before.augment }, before)) changeTrain({ augment: draft.augment });
      else await applyReview(options, { ...run.train, augment: draft.augment });
      // What is applied now, or, where it was cancelled, still waits.
      const now = draftOf(store.getState().run);
      if (isSame({ ...draft, options, names: {} }, now)) {
        onDraft(now);
        setUndone(before);
      }
    } catch (reason) {
      setError(reason instanceof Error ? reason.message : String(reason));
    }
    setBusy(false);
  };
  return { apply, isBusy, error, forget: () => setError(''), undone };
}
