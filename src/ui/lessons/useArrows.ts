import { useEffect } from 'react';

const steps: Record<string, number> = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };

/** While `isOn`, arrow keys and the keys of a presenter's remote control go on and back, unless something else takes them. */
export function useArrows(isOn: boolean, onGo: (by: number) => void): void {
  useEffect(() => {
    if (!isOn) return;
    const onKey = (event: KeyboardEvent) => {
      const by = steps[event.key];
      const takes =
        event.target instanceof Element &&
        event.target.closest('input, select, textarea, :is([role="tab"], [role="radio"], [role="slider"])');
      if (!by || takes || document.querySelector('[aria-modal]')) return;
      event.preventDefault();
      onGo(by);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [isOn, onGo]);
}
