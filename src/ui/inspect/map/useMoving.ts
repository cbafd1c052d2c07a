import { type RefObject, useEffect, useRef } from 'react';
import { between, type Marks } from './places';

const MOVE_MS = 300;

/**
 * Lets marks move to their new places; where the key is another one, or less motion is wanted, they are there at once.
 *
 * @param draw draws the marks where they are now; called for each of their places
 * @returns the marks where they are now
 */
export function useMoving(target: Marks, key: string, draw: (marks: Marks) => void): RefObject<Marks> {
  const now = useRef(target);
  const shownKey = useRef<string>(undefined);
  const latestDraw = useRef(draw);
  useEffect(() => {
    latestDraw.current = draw;
    draw(now.current);
  }, [draw]);
  useEffect(() => {
    const isSteady = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const show = (marks: Marks) => {
      now.current = marks;
      latestDraw.current(marks);
    };
    if (shownKey.current !== key || isSteady) {
      shownKey.current = key;
      show(target);
      return;
    }
    const from = now.current;
    let start: number | undefined;
    let frame = requestAnimationFrame(function move(time) {
      start ??= time;
      const share = Math.min(1, (time - start) / MOVE_MS);
      show(between(from, target, 1 - (1 - share) ** 3));
      if (share < 1) frame = requestAnimationFrame(move);
    });
    return () => cancelAnimationFrame(frame);
  }, [target, key]);
  return now;
}
