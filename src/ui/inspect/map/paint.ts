import { colour } from '../../charts/colours';
import type { Marks, Size } from './places';

export interface Scene {
  marks: Marks;
  /** Scale and shift of the zoom. */
  zoom: { k: number; x: number; y: number };
  hasLines: boolean;
  /** Rows and texts that stand out from the others; all are alike where undefined. */
  emphasis?: { rows: ReadonlySet<number>; texts: ReadonlySet<number> };
  /** The row with a ring around both of its points. */
  active?: number;
  colours: Colours;
}

type Colours = ReturnType<typeof currentColours>;

/** The map's colours in the theme of the moment. */
export const currentColours = () => ({
  teacher: colour('teacher'),
  student: colour('student'),
  line: colour('ink-3'),
  ground: colour('panel'),
  ink: colour('ink'),
});

const FAINT = 0.22;

/**
 * Draws the map: rings for the teacher, discs for the student, small rings for the student beside it, diamonds for texts;
 * lines from rings to discs, and from small rings where there are any.
 */
export function paint(canvas: HTMLCanvasElement, { width, height }: Size, scene: Scene): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const ratio = devicePixelRatio;
  const [pixelsX, pixelsY] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== pixelsX || canvas.height !== pixelsY) {
    canvas.width = pixelsX;
    canvas.height = pixelsY;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const { emphasis, marks } = scene;
  const rows = [...Array(marks.teacher.length / 2).keys()];
  const texts = [...Array(marks.texts.length / 2).keys()];
  const isIn = (set: ReadonlySet<number> | undefined, wanted: boolean) => (i: number) =>
    (set?.has(i) ?? true) === wanted;
  for (const stands of [false, true]) {
    context.globalAlpha = stands ? 1 : FAINT;
    const chosenRows = rows.filter(isIn(emphasis?.rows, stands));
    const size = emphasis && stands ? 1.25 : 1;
    if (scene.hasLines) paintLines(context, scene, chosenRows, emphasis && stands ? 1.5 : 1 / ratio);
    paintTexts(context, scene, texts.filter(isIn(emphasis?.texts, stands)), size);
    paintPoints(context, scene, chosenRows, size);
  }
  if (scene.active !== undefined) paintActive(context, scene, scene.active);
}

/** A mark's place on the canvas; undefined where it has none. */
function placeOf(places: Float32Array, i: number, { k, x, y }: Scene['zoom']): [number, number] | undefined {
  const place: [number, number] = [places[2 * i] * k + x, places[2 * i + 1] * k + y];
  return Number.isFinite(place[0] + place[1]) ? place : undefined;
}

// Each mark is a path of its own: one path of all takes several times as long where no graphics processor draws it, and
// so do lines of more than one device pixel.

function paintLines(
  context: CanvasRenderingContext2D,
  { marks, zoom, colours }: Scene,
  rows: number[],
  width: number,
) {
  context.lineWidth = width;
  const isCompared = marks.beside.length > 0;
  context.strokeStyle = isCompared ? colours.student : colours.line;
  for (const row of rows) {
    const from = placeOf(isCompared ? marks.beside : marks.teacher, row, zoom);
    const to = placeOf(marks.student, row, zoom);
    if (!from || !to) continue;
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
  }
}

function paintPoints(
  context: CanvasRenderingContext2D,
  { marks, zoom, colours }: Scene,
  rows: number[],
  size: number,
) {
  const eachCircle = (places: Float32Array, radius: number, draw: () => void) => {
    for (const row of rows) {
      const place = placeOf(places, row, zoom);
      if (!place) continue;
      context.beginPath();
      context.arc(...place, radius, 0, 2 * Math.PI);
      draw();
    }
  };
  context.fillStyle = colours.student;
  eachCircle(marks.student, 3 * size, () => context.fill());
  context.lineWidth = 1.2;
  context.strokeStyle = colours.student;
  if (marks.beside.length > 0) eachCircle(marks.beside, 3 * size, () => context.stroke());
  context.lineWidth = 1.6;
  context.strokeStyle = colours.teacher;
  eachCircle(marks.teacher, 4 * size, () => context.stroke());
}

function paintTexts(
  context: CanvasRenderingContext2D,
  { marks, zoom, colours }: Scene,
  texts: number[],
  size: number,
) {
  const radius = 4.5 * size;
  context.fillStyle = colours.ground;
  context.lineWidth = 1.4;
  context.strokeStyle = colours.ink;
  for (const text of texts) {
    const place = placeOf(marks.texts, text, zoom);
    if (!place) continue;
    const [x, y] = place;
    context.beginPath();
    context.moveTo(x, y - radius);
    context.lineTo(x + radius, y);
    context.lineTo(x, y + radius);
    context.lineTo(x - radius, y);
    context.closePath();
    context.fill();
    context.stroke();
  }
}

function paintActive(context: CanvasRenderingContext2D, { marks, zoom, colours }: Scene, row: number): void {
  context.globalAlpha = 1;
  context.lineWidth = 2;
  context.strokeStyle = colours.ink;
  for (const places of [marks.teacher, marks.student, marks.beside]) {
    const place = placeOf(places, row, zoom);
    if (!place) continue;
    context.beginPath();
    context.arc(...place, 8, 0, 2 * Math.PI);
    context.stroke();
  }
}
