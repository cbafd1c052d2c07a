import { select } from 'd3-selection';
import { type ZoomBehavior, type ZoomTransform, zoom, zoomIdentity } from 'd3-zoom';
import { type RefObject, useEffect, useMemo, useState } from 'react';
import type { Size } from './places';

const LARGEST = 30;

export interface Zoom {
  transform: ZoomTransform;
  /** Around a place before the zoom, else around the middle. */
  by: (factor: number, around?: [number, number]) => void;
  reset: () => void;
  /** Brings a place before the zoom into sight, where it is out of it. */
  show: (place: [number, number]) => void;
}

/** Lets wheel, pinch and drag zoom into and move what is in the element; they never lead out of it. */
export function useZoom(ref: RefObject<HTMLElement | null>, { width, height }: Size): Zoom {
  const [transform, setTransform] = useState(zoomIdentity);
  const behaviour = useMemo<ZoomBehavior<HTMLElement, unknown>>(() => zoom(), []);
  useEffect(() => {
    if (!ref.current) return;
    behaviour.on('zoom', (event: { transform: ZoomTransform }) => setTransform(event.transform));
    const element = select(ref.current);
    // A double click would choose and unchoose a point.
    element.call(behaviour).on('dblclick.zoom', null);
    return () => {
      element.on('.zoom', null);
    };
  }, [ref, behaviour]);
  useEffect(() => {
    behaviour
      .scaleExtent([1, LARGEST])
      .extent([
        [0, 0],
        [width, height],
      ])
      .translateExtent([
        [0, 0],
        [width, height],
      ]);
  }, [behaviour, width, height]);
  return {
    transform,
    by: (factor, around) =>
      ref.current && behaviour.scaleBy(select(ref.current), factor, around && transform.apply(around)),
    reset: () => ref.current && behaviour.transform(select(ref.current), zoomIdentity),
    show: (place) => {
      const [x, y] = transform.apply(place);
      const isOutside = x < 0 || y < 0 || x > width || y > height;
      if (ref.current && isOutside) behaviour.translateTo(select(ref.current), ...place);
    },
  };
}
