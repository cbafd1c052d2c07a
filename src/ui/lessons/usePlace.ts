import { type CSSProperties, type RefObject, useLayoutEffect, useState } from 'react';
import { find, type Target } from '../../page/lessons/targets';
import { type Box, placeCard } from './placeCard';

const LOOK_MS = 250;

/**
 * Rings what a step points at and says where its card stands beside it, for as long as it points there. The page goes
 * on changing meanwhile, so it is looked for again and again.
 */
export function usePlace(card: RefObject<HTMLElement | null>, target: Target | undefined): CSSProperties {
  const [place, setPlace] = useState<{ left: number; top: number }>();
  useLayoutEffect(() => {
    let pointed: Element | undefined;
    const point = (next: Element | undefined) => {
      if (next === pointed) return;
      pointed?.removeAttribute('data-pointed');
      pointed = next;
      next?.setAttribute('data-pointed', '');
      next?.scrollIntoView({ block: 'nearest' });
    };
    const follow = () => {
      if (!card.current) return;
      point(target && find(target));
      const header = document.querySelector('header')?.getBoundingClientRect().bottom ?? 0;
      const view = { width: innerWidth, height: innerHeight };
      const next = placeCard(
        card.current.getBoundingClientRect(),
        visible(pointed),
        visible(find('figure')),
        view,
        Math.max(0, header),
      );
      setPlace((old) => (old?.left === next.left && old.top === next.top ? old : next));
    };
    follow();
    const timer = setInterval(follow, LOOK_MS);
    return () => {
      clearInterval(timer);
      point(undefined);
    };
  }, [card, target]);
  return place ?? { visibility: 'hidden' };
}

/** Where an element stands, if it takes any room. */
function visible(element: Element | undefined): Box | undefined {
  const box = element?.getBoundingClientRect();
  return box && box.width > 0 ? box : undefined;
}
