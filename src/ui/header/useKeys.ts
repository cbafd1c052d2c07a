import { useEffect } from 'react';
import { closeBox } from '../../page/inspect/openBox';
import { reset, step, togglePlay } from '../../page/store';

/**
 * Space plays and pauses, `.` steps, `r` resets, Escape closes the figure's open box, and the keys of `more`; not while
 * something else takes the key.
 */
export function useKeys(more: Record<string, () => void>): void {
  useEffect(() => {
    const actions: Record<string, () => void> = {
      ' ': () => void togglePlay(),
      '.': () => void step(),
      r: () => void reset(),
      Escape: closeBox,
      ...more,
    };
    const onKey = (event: KeyboardEvent) => {
      const action = actions[event.key];
      if (
        !action ||
        event.defaultPrevented ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        isTaken(event)
      )
        return;
      event.preventDefault();
      action();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [more]);
}

/** A field takes every key; a button takes space; an open dialog is its own world. */
function isTaken({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (document.querySelector('[aria-modal]')) return true;
  const field = target.closest('input:not([type=radio]), select, textarea');
  return (
    field !== null || (key === ' ' && target.closest('button, summary, a, input, [role=slider]') !== null)
  );
}
