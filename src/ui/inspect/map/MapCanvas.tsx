import { Minus, Plus, RotateCcw } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, useCallback, useMemo, useRef } from 'react';
import { chosenStore } from '../../../page/inspect/chosen';
import type { Layout } from '../../../page/map/layouts';
import { useTheme } from '../../parts/theme';
import { useSize } from '../../parts/useSize';
import styles from './MapCanvas.module.css';
import { currentColours, paint, type Scene } from './paint';
import {
  boxAround,
  classOf,
  classOfMark,
  inPixels,
  type Mark,
  type Marks,
  markAt,
  nextRow,
  rowsByClass,
} from './places';
import { useMoving } from './useMoving';
import { useZoom } from './useZoom';

/** How far from a point the pointer may be, in pixels. */
const REACH = 14;
const ZOOM_STEP = 1.6;
const none = new Float32Array();

interface Props {
  layout: Layout;
  hasLines: boolean;
  hasTexts: boolean;
  /** What the pointer or the arrow keys are at. */
  active: Mark | undefined;
  /** That one, else the image that the figure follows. */
  shown: Mark | undefined;
  onActive: (mark: Mark | undefined) => void;
}

/** The map itself. Mounted anew for each key of a layout, so that zoom and scale belong to one set of axes. */
export function MapCanvas({ layout, hasLines, hasTexts, active, shown, onActive }: Props) {
  const [ref, size] = useSize<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const zoom = useZoom(ref, size);
  const target = useTarget(layout, hasTexts, size);
  const scene = useScene(layout, hasLines, shown, zoom.transform);
  const draw = useCallback(
    (marks: Marks) => canvas.current && paint(canvas.current, size, { ...scene, marks }),
    [scene, size],
  );
  const marks = useMoving(target, `${size.width} ${size.height} ${hasTexts}`, draw);

  const markUnder = (event: MouseEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const [x, y] = zoom.transform.invert([event.clientX - box.left, event.clientY - box.top]);
    return markAt(marks.current, x, y, REACH / zoom.transform.k);
  };
  const placeOf = (row: number): [number, number] => [target.teacher[2 * row], target.teacher[2 * row + 1]];
  const shownRow = shown && 'row' in shown ? shown.row : undefined;
  const zoomBy = (factor: number) => zoom.by(factor, shownRow === undefined ? undefined : placeOf(shownRow));
  const goTo = (row: number | undefined) => {
    if (row === undefined) return;
    onActive({ row });
    zoom.show(placeOf(row));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const actions: Record<string, () => void> = {
      '+': () => zoomBy(ZOOM_STEP),
      '-': () => zoomBy(1 / ZOOM_STEP),
      '0': zoom.reset,
      Enter: () => follow(layout, active),
    };
    const isArrow = event.key.startsWith('Arrow');
    const action = isArrow ? () => goTo(nextRow(layout, shownRow ?? 0, event.key)) : actions[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  };
  return (
    <div className={styles.frame}>
      {/* biome-ignore-start lint/a11y/noNoninteractiveTabindex: arrow keys go from point to point */}
      <div
        ref={ref}
        className={styles.map}
        role="application"
        aria-label="Features map; arrow keys go from image to image and from class to class, Enter follows the image, plus and minus zoom"
        tabIndex={0}
        data-on-point={active !== undefined}
        data-zoomed={zoom.transform.k > 1}
        onPointerMove={(event) => onActive(markUnder(event))}
        onPointerLeave={() => onActive(undefined)}
        onClick={(event) => follow(layout, markUnder(event))}
        onKeyDown={onKeyDown}
        onFocus={(event) =>
          event.target.matches(':focus-visible') && onActive(shown ?? { row: firstRow(layout) })
        }
        onBlur={() => onActive(undefined)}
      >
        {/* biome-ignore-end lint/a11y/noNoninteractiveTabindex: as above */}
        <canvas ref={canvas} />
      </div>
      <div className={styles.zoom}>
        <button
          type="button"
          className="button is-icon"
          aria-label="Zoom in"
          onClick={() => zoomBy(ZOOM_STEP)}
        >
          <Plus />
        </button>
        <button
          type="button"
          className="button is-icon"
          aria-label="Zoom out"
          onClick={() => zoomBy(1 / ZOOM_STEP)}
        >
          <Minus />
        </button>
        <button type="button" className="button is-icon" aria-label="Show the whole map" onClick={zoom.reset}>
          <RotateCcw />
        </button>
      </div>
    </div>
  );
}

/** Where the marks belong. The scale never grows, so that shorter lines are shorter distances. */
function useTarget(layout: Layout, hasTexts: boolean, size: { width: number; height: number }): Marks {
  const box = useRef<ReturnType<typeof boxAround>>(undefined);
  return useMemo(() => {
    const { teacher, student, beside } = layout;
    box.current = boxAround([teacher, student, beside?.student ?? none], box.current);
    const texts = (hasTexts && layout.texts) || none;
    const shown = boxAround([texts], box.current);
    const pixels = (places: Float32Array) => inPixels(places, shown, size);
    return {
      teacher: pixels(teacher),
      student: pixels(student),
      beside: pixels(beside?.student ?? none),
      texts: pixels(texts),
    };
  }, [layout, hasTexts, size]);
}

/** Everything that is drawn but the marks' places. */
function useScene(
  layout: Layout,
  hasLines: boolean,
  shown: Mark | undefined,
  zoom: Scene['zoom'],
): Omit<Scene, 'marks'> {
  const theme = useTheme();
  const colours = useMemo(currentColours, [theme]);
  return useMemo(
    () => ({
      zoom,
      hasLines,
      colours,
      emphasis: shown && alike(layout, shown),
      active: shown && 'row' in shown ? shown.row : undefined,
    }),
    [layout, hasLines, shown, zoom, colours],
  );
}

/** All rows and the text of the class of a mark. */
function alike(layout: Layout, mark: Mark): Scene['emphasis'] {
  const name = classOfMark(layout, mark);
  const rows = [...layout.distances.keys()].filter((row) => classOf(layout, row) === name);
  return { rows: new Set(rows), texts: new Set([layout.evaluation.logits.texts.indexOf(name)]) };
}

const firstRow = (layout: Layout): number => rowsByClass(layout)[0];

/** Lets the figure follow a mark's image; the one that it follows already is let go. */
function follow({ evaluation }: Layout, mark: Mark | undefined): void {
  if (!mark || !('row' in mark)) return;
  const { image } = evaluation.predictions[mark.row];
  chosenStore.setState((state) => ({ image: state.image === image ? undefined : image }));
}
