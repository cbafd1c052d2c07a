import { useLayoutEffect, useState } from 'react';
import { isSeen } from '../../page/lessons/act';
import type { Action } from '../../page/lessons/lesson';
import { store } from '../../page/store';

const LOOK_MS = 250;

/** How long a tick is shown before the lesson goes on by itself. */
const TICK_MS = 1200;

/**
 * Whether what a step waits for is there. Where it comes while the step is shown, `onSeen` is called soon after; what
 * was there before is nothing to go on for.
 *
 * @param onSeen must stay the same as long as the step does
 */
export function useSeen(wait: Action['wait'], onSeen: () => void): boolean {
  const [seen, setSeen] = useState(false);
  useLayoutEffect(() => {
    const isThere = () => !wait || isSeen(wait, store.getState());
    setSeen(isThere());
    if (isThere()) return;
    let goingOn: ReturnType<typeof setTimeout> | undefined;
    const timer = setInterval(() => {
      if (!isThere()) return;
      clearInterval(timer);
      setSeen(true);
      goingOn = setTimeout(onSeen, TICK_MS);
    }, LOOK_MS);
    return () => {
      clearInterval(timer);
      clearTimeout(goingOn);
    };
  }, [wait, onSeen]);
  return seen;
}
