import { useEffect } from 'react';

const arrows: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1 };
const remote: Record<string, number> = { ...arrows, PageDown: 1, PageUp: -1 };

/**
 * While `isOn`, arrow keys go on and back, and while presenting the keys of a presenter's remote control, which scroll
 * otherwise; unless something else takes them.
 */
export function useArrows(isOn: boolean, isPresenting: boolean, onGo: (by: number) => void): void {
  useEffect(() => {
    if (!isOn) return;
    const onKey = (event: KeyboardEvent) => {
      const by = (isPresenting ? remote : arrows)[event.key];
      const takes =
        event.target instanceof Element &&
        event.target.closest('input, select, textarea, :is([role="tab"], [role="radio"], [role="slider"])');
      if (!by || takes || document.querySelector('[aria-modal]')) return;
      event.preventDefault();
      onGo(by);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [isOn, isPresenting, onGo]);
}
