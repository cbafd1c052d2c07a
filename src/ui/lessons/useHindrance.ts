import { useEffect, useState } from 'react';
import { type Hindrance, hindrance } from '../../page/lessons/hindrance';
import type { Action } from '../../page/lessons/lesson';
import { store } from '../../page/store';

/** Who has been told what to do needs a while for it. */
const PATIENCE_MS = 8000;
const LOOK_MS = 500;

/** What has stood in the way of what a step waits for, for a while. */
export function useHindrance(wait: Action['wait'], isSeen: boolean): Hindrance | undefined {
  const [shown, setShown] = useState<Hindrance>();
  useEffect(() => {
    setShown(undefined);
    if (!wait || isSeen) return;
    let current: Hindrance | undefined;
    let since = performance.now();
    const timer = setInterval(() => {
      const next = hindrance(wait, store.getState());
      if (next !== current) since = performance.now();
      current = next;
      setShown(performance.now() - since >= PATIENCE_MS ? current : undefined);
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [wait, isSeen]);
  return shown;
}
