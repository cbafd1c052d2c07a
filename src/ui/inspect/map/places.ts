import type { Layout } from '../../../page/map/layouts';

export interface Size {
  width: number;
  height: number;
}

/** The marks of a map, x and y in turn, in CSS pixels before any zoom. */
export interface Marks {
  teacher: Float32Array;
  student: Float32Array;
  /** The student that it is compared with; none where it is shown alone. */
  beside: Float32Array;
  texts: Float32Array;
}

interface Box {
  left: number;
  right: number;
  low: number;
  high: number;
}

/** Room around the outermost marks, in pixels. */
const MARGIN = 16;

/** The smallest box around all places that are numbers, and around `before`, so that a map keeps its scale. */
export function boxAround(all: Float32Array[], before?: Box): Box {
  const box = before ? { ...before } : { left: Infinity, right: -Infinity, low: Infinity, high: -Infinity };
  for (const places of all)
    for (let i = 0; i < places.length; i += 2) {
      const [x, y] = [places[i], places[i + 1]];
      if (!Number.isFinite(x + y)) continue;
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x);
      box.low = Math.min(box.low, y);
      box.high = Math.max(box.high, y);
    }
  return box;
}

/** Places in pixels: `box` in the middle, with one scale for both axes; y goes up. */
export function inPixels(places: Float32Array, box: Box, { width, height }: Size): Float32Array {
  const fits = (room: number, span: number) => (span > 0 ? Math.max(0, room - 2 * MARGIN) / span : Infinity);
  const scale = Math.min(fits(width, box.right - box.left), fits(height, box.high - box.low));
  const finite = Number.isFinite(scale) ? scale : 1;
  return places.map((value, i) =>
    i % 2 === 0
      ? width / 2 + (value - (box.left + box.right) / 2) * finite
      : height / 2 - (value - (box.low + box.high) / 2) * finite,
  );
}

/** Marks on their way: `share` 0 is `from`, 1 is `to`. */
export function between(from: Marks, to: Marks, share: number): Marks {
  const mix = (a: Float32Array, b: Float32Array) =>
    // What is not yet, or no longer, a number has no way to go.
    b.map((end, i) => (Number.isFinite(a[i]) ? a[i] + (end - a[i]) * share : end));
  return {
    teacher: mix(from.teacher, to.teacher),
    student: mix(from.student, to.student),
    beside: mix(from.beside, to.beside),
    texts: mix(from.texts, to.texts),
  };
}

/** An image by its row, or a text by its place among the texts. */
export type Mark = { row: number } | { text: number };

/** The mark closest to a point, at most `within` pixels away. */
export function markAt(marks: Marks, x: number, y: number, within: number): Mark | undefined {
  let best: Mark | undefined;
  let closest = within;
  const look = (places: Float32Array, markOf: (i: number) => Mark) => {
    for (let i = 0; i < places.length / 2; i++) {
      const distance = Math.hypot(places[2 * i] - x, places[2 * i + 1] - y);
      if (distance > closest) continue;
      closest = distance;
      best = markOf(i);
    }
  };
  look(marks.texts, (text) => ({ text }));
  look(marks.teacher, (row) => ({ row }));
  look(marks.student, (row) => ({ row }));
  return best;
}

/** Whether the layout has a place for what a mark stands for. */
export const isIn = ({ distances, evaluation }: Layout, mark: Mark): boolean =>
  'row' in mark ? mark.row in distances : mark.text < evaluation.logits.texts.length;

/** The text that an image's class goes by; an unlabelled image is alone. */
export const classOf = ({ evaluation }: Layout, row: number): string => {
  const { truth, path } = evaluation.predictions[row];
  return truth[0] ?? path;
};

/** The class of what a mark stands for. */
export const classOfMark = (layout: Layout, mark: Mark): string =>
  'row' in mark ? classOf(layout, mark.row) : layout.evaluation.logits.texts[mark.text];

/** The rows class by class, for keys to go through. */
export function rowsByClass(layout: Layout): number[] {
  const groups = new Map<string, number[]>();
  for (const row of layout.distances.keys()) {
    const name = classOf(layout, row);
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups.values()].flat();
}

/** The row that an arrow key leads to: the next or last one by left and right, of the next or last class by up and down. */
export function nextRow(layout: Layout, row: number, key: string): number | undefined {
  const rows = rowsByClass(layout);
  const at = rows.indexOf(row);
  const isOther = (other: number) => classOf(layout, other) !== classOf(layout, row);
  if (key === 'ArrowRight') return rows[at + 1];
  if (key === 'ArrowLeft') return rows[at - 1];
  if (key === 'ArrowDown') return rows.slice(at).find(isOther);
  return key === 'ArrowUp' ? rows.slice(0, at).findLast(isOther) : undefined;
}
