import { type RefObject, useEffect } from 'react';

const arrows: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1 };
const remote: Record<string, number> = { ...arrows, PageDown: 1, PageUp: -1 };

/**
 * While `isOn`, arrow keys go on and back where the focus is in the card, and while presenting wherever it is, as do the
 * keys of a presenter's remote control, which scroll otherwise; unless something else takes them.
 */
export function useArrows(
  card: RefObject<HTMLElement | null>,
  isOn: boolean,
  isPresenting: boolean,
  onGo: (by: number) => void,
): void {
  useEffect(() => {
    if (!isOn) return;
    const onKey = (event: KeyboardEvent) => {
      const by = (isPresenting ? remote : arrows)[event.key];
      const { target } = event;
      if (!by || !(target instanceof Element) || document.querySelector('[aria-modal]')) return;
      const takes =
        'input, select, textarea, [role="tab"], [role="radio"], [role="slider"], [role="application"]';
      if (target.closest(takes) || !(isPresenting || card.current?.contains(target))) return;
      event.preventDefault();
      onGo(by);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [card, isOn, isPresenting, onGo]);
}
