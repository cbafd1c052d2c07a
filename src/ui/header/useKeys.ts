import { useEffect } from 'react';
import { togglePresenting } from '../lessons/open';
import { reset, step, togglePlay } from '../store';

/** Space plays and pauses, `.` steps, `r` resets, `p` presents, `?` shows the keys; not while something else takes the key. */
export function useKeys(showHelp: () => void): void {
  useEffect(() => {
    const actions: Record<string, () => void> = {
      ' ': () => void togglePlay(),
      '.': () => void step(),
      r: () => void reset(),
      p: togglePresenting,
      '?': showHelp,
    };
    const onKey = (event: KeyboardEvent) => {
      const action = actions[event.key];
      if (!action || event.ctrlKey || event.metaKey || event.altKey || isTaken(event)) return;
      event.preventDefault();
      action();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [showHelp]);
}

/** A field takes every key; a button takes space; an open dialog is its own world. */
function isTaken({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (document.querySelector('dialog[open]')) return true;
  const field = target.closest('input:not([type=range], [type=radio]), select, textarea');
  return field !== null || (key === ' ' && target.closest('button, summary, a, input') !== null);
}
