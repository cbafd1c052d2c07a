export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Layout {
  images: Rect;
  texts: Rect;
  teacher: Rect;
  student: Rect;
  textTower: Rect;
  ut: Rect;
  projector: Rect;
  us: Rect;
  w: Rect;
  ifalign: Rect;
  edu: Rect;
  qt: Rect;
  refinement: Rect;
  qs: Rect;
  /** Room for the image that the figure follows. */
  watched: Rect;
  /** Heights at which the texts' features run to the right: to EduAttention, and to the logits. */
  lanes: { edu: number; logits: number; turn: number };
}

/** Widths of the columns at a figure 780 wide, and the shares of what is left that stand before the next one. */
const columns = { images: 78, tower: 132, projector: 34, feature: 42, edu: 150, logits: 158 };
const gaps = { images: 50, tower: 24, projector: 16, feature: 62, edu: 50 };

/** Where everything stands in a figure of this size: columns follow the data from left to right, rows are the models. */
export function layOut(width: number, height: number): Layout {
  const scale = Math.min(1.3, Math.max(1, width / 780));
  const taken = sum(Object.values(columns)) * scale;
  const gap = (width - taken) / sum(Object.values(gaps));
  const rows = { teacher: height * 0.088, student: height * 0.46, texts: height * 0.87 };
  const between = (rows.teacher + rows.student) / 2;

  const towerX = columns.images * scale + gaps.images * gap;
  const projectorX = towerX + columns.tower * scale + gaps.tower * gap;
  const featureX = projectorX + columns.projector * scale + gaps.projector * gap;
  const eduX = featureX + columns.feature * scale + gaps.feature * gap;
  const logitsX = eduX + columns.edu * scale + gaps.edu * gap;

  const at = (x: number, y: number, w: number, h: number): Rect => ({
    x,
    y: y - h / 2,
    width: w * scale,
    height: h,
  });
  const eduBottom = rows.student + 46;
  const watchedTop = eduBottom + 44;
  return {
    images: at(0, between, columns.images, columns.images * scale),
    texts: at(0, rows.texts, columns.images, 62),
    teacher: at(towerX, rows.teacher, columns.tower, 66),
    student: at(towerX, rows.student, columns.tower, 66),
    textTower: at(towerX, rows.texts, columns.tower, 64),
    ut: at(featureX, rows.teacher, columns.feature, 32),
    projector: at(projectorX, rows.student, columns.projector, 32),
    us: at(featureX, rows.student, columns.feature, 32),
    w: at(featureX, rows.texts, columns.feature, 32),
    ifalign: at(Math.min(featureX - 57 * scale, eduX - 156 * scale), between, 150, 68),
    edu: at(eduX, rows.student, columns.edu, 92),
    qt: at(logitsX, rows.teacher, columns.logits, 66),
    refinement: at(logitsX, between, columns.logits, 52),
    qs: at(logitsX, rows.student, columns.logits, 66),
    watched: { x: eduX, y: watchedTop, width: width - eduX, height: height - watchedTop },
    lanes: { edu: eduBottom + 18, logits: eduBottom + 30, turn: logitsX - gaps.edu * gap * 0.42 },
  };
}

const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);

export type Point = readonly [x: number, y: number];

/** An SVG path through points, with straight pieces and rounded corners. */
export function route(points: Point[], radius = 9): string {
  const [start, ...rest] = points;
  const pieces = rest.map((corner, i) => {
    const before = points[i];
    const after = rest[i + 1];
    if (!after) return `L${write(corner)}`;
    return `L${write(towards(corner, before, radius))}Q${write(corner)} ${write(towards(corner, after, radius))}`;
  });
  return `M${write(start)}${pieces.join('')}`;
}

const write = ([x, y]: Point): string => `${x.toFixed(1)} ${y.toFixed(1)}`;

/** The point `distance` from one point towards another, at most half way. */
function towards([x, y]: Point, [toX, toY]: Point, distance: number): Point {
  const length = Math.hypot(toX - x, toY - y);
  const share = length === 0 ? 0 : Math.min(0.5, distance / length);
  return [x + (toX - x) * share, y + (toY - y) * share];
}
