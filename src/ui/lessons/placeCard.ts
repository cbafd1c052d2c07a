export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

type Size = Pick<Box, 'width' | 'height'>;

const MARGIN = 16;

/** How much worse it is to cover what is pointed at than what should stay free. */
const WORSE = 1000;

/**
 * Where a card stands in a window: beside what it points at, without covering that, nor, as far as it can be helped,
 * what should stay free.
 *
 * @param top what is above stays free: the header
 */
export function placeCard(
  card: Size,
  target: Box | undefined,
  free: Box | undefined,
  view: Size,
  top: number,
): { left: number; top: number } {
  const right = view.width - card.width - MARGIN;
  const bottom = view.height - card.height - MARGIN;
  const within = (left: number, y: number) => ({
    left: Math.max(MARGIN, Math.min(left, right)),
    top: Math.max(top + MARGIN, Math.min(y, bottom)),
  });
  const corners = [within(right, bottom), within(MARGIN, bottom), within(right, top), within(MARGIN, top)];
  const places = target ? [...beside(card, target).map(([left, y]) => within(left, y)), ...corners] : corners;
  const cost = ({ left, top }: { left: number; top: number }) => {
    const covered = { left, top, width: card.width, height: card.height };
    return WORSE * overlap(covered, target) + overlap(covered, free);
  };
  return places.reduce((best, place) => (cost(place) < cost(best) ? place : best));
}

/** To the right, to the left, below and above. */
function beside(card: Size, { left, top, width, height }: Box): [left: number, top: number][] {
  const middle = top + (height - card.height) / 2;
  const centre = left + (width - card.width) / 2;
  return [
    [left + width + MARGIN, middle],
    [left - card.width - MARGIN, middle],
    [centre, top + height + MARGIN],
    [centre, top - card.height - MARGIN],
  ];
}

/** Pixels of `b` under `a`. */
function overlap(a: Box, b: Box | undefined): number {
  if (!b) return 0;
  const shared = (start: number, length: number, otherStart: number, otherLength: number) =>
    Math.max(0, Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart));
  return shared(a.left, a.width, b.left, b.width) * shared(a.top, a.height, b.top, b.height);
}
