import { useEffect, useRef, useState } from 'react';
import { engine } from '../../page/engine';
import { cancelModel, openModel, takeStudent } from '../../page/models/actions';
import { report } from '../../page/store';
import { isPlace } from '../../run/demo';
import type { NewStudent } from '../../run/student';
import type { DroppedFile, ModelDescription, Role } from '../../worker/api';

/** What is chosen, a place or a new student, and what is known of it before it is loaded. */
export interface Choice {
  role: Role;
  model: string | NewStudent;
  description?: ModelDescription;
}

export type Choosing = ReturnType<typeof useChoice>;

/** Arrow keys and typing go faster than models can be looked up. */
const PAUSE_MS = 250;

/** What is chosen in the dialog, what is being done with it, and what went wrong. `onLoaded` is called when a model is in use. */
export function useChoice(onLoaded: () => void) {
  const [choice, setChoice] = useState<Choice>();
  const [busy, setBusy] = useState<'looking' | 'loading'>();
  const [error, setError] = useState('');
  const latest = useRef(0);
  const isOpen = useRef(false);
  useEffect(() => {
    isOpen.current = true;
    return () => {
      isOpen.current = false;
    };
  }, []);

  const fail = (reason: unknown) => setError(reason instanceof Error ? reason.message : String(reason));

  /** Does one thing. What an earlier one comes to no longer counts. */
  async function act<T>(
    what: 'looking' | 'loading',
    action: (isLatest: () => boolean) => Promise<T>,
    then: (result: T) => void,
  ) {
    const mine = ++latest.current;
    const isLatest = () => mine === latest.current;
    setBusy(what);
    setError('');
    try {
      const result = await action(isLatest);
      if (isLatest()) then(result);
    } catch (reason) {
      if (!isOpen.current && what === 'loading') report(reason);
      else if (isLatest()) fail(reason);
    }
    if (isLatest()) setBusy(undefined);
  }

  function choose(role: Role, model: string | NewStudent) {
    setChoice({ role, model });
    void act(
      'looking',
      async (isLatest) => {
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        if (!isLatest()) return undefined;
        return isPlace(model) ? engine.describeModel(model) : engine.describeStudent(model);
      },
      (description) => setChoice({ role, model, description }),
    );
  }

  return {
    choice,
    busy,
    error,
    fail,
    choose,
    clear() {
      latest.current++;
      setChoice(undefined);
      setBusy(undefined);
      setError('');
    },
    /** Loads what is chosen. */
    load() {
      if (!choice) return;
      const { role, model } = choice;
      const loading = () => (isPlace(model) ? openModel(role, model) : takeStudent(model));
      void act('loading', loading, onLoaded);
    },
    loadFiles(role: Role, files: Promise<DroppedFile[]>) {
      setChoice(undefined);
      void act('loading', async () => openModel(role, await files), onLoaded);
    },
    cancel() {
      latest.current++;
      setBusy(undefined);
      cancelModel();
      // More of it may be stored by now.
      if (busy === 'loading' && choice) choose(choice.role, choice.model);
    },
  };
}
