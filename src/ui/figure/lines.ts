import type { MethodBox } from '../../distill/methods/method';
import type { Layout, Point, Rect } from './layOut';

export interface Line {
  owner: 'data' | 'teacher' | 'student' | 'kl';
  points: Point[];
  isDashed?: boolean;
}

const right = ({ x, y, width, height }: Rect): Point => [x + width + 2, y + height / 2];
const left = ({ x, y, height }: Rect): Point => [x - 3, y + height / 2];
const top = ({ x, y, width }: Rect): Point => [x + width / 2, y - 3];
const bottom = ({ x, y, width, height }: Rect): Point => [x + width / 2, y + height + 3];

/** What flows where in a step's forward pass, among the boxes that the method has. */
export function forwardLines(l: Layout, boxes: readonly MethodBox[]): Line[] {
  const straight = (owner: Line['owner'], from: Point, to: Point): Line => ({ owner, points: [from, to] });
  const split = (from: Point, to: Point): Line => {
    const middle = (from[0] + to[0]) / 2;
    return { owner: 'data', points: [from, [middle, from[1]], [middle, to[1]], to] };
  };
  /** From the texts' features up to their lane, along it, and up again. */
  const lane = (dx: number, y: number, x: number, ...end: Point[]): Point[] => {
    const start: Point = [top(l.w)[0] + dx, l.w.y - 2];
    return [start, [start[0], y], [x, y], ...end];
  };
  const below = 15;
  const logits = (box: Rect): Line => {
    const y = left(box)[1] + below;
    return {
      owner: 'teacher',
      isDashed: true,
      points: lane(7, l.lanes.logits, l.lanes.turn, [l.lanes.turn, y], [left(box)[0], y]),
    };
  };
  const eduX = l.edu.x + l.edu.width / 2;
  const featureX = top(l.ut)[0];
  const answers = [
    straight('kl', bottom(l.qt), top(l.refinement)),
    straight('kl', top(l.qs), bottom(l.refinement)),
  ];
  const ofParts: Record<MethodBox, Line[]> = {
    ifalign: [
      straight('teacher', bottom(l.ut), [featureX, l.ifalign.y - 3]),
      straight('student', top(l.us), [featureX, l.ifalign.y + l.ifalign.height + 3]),
    ],
    edu: [
      straight('student', right(l.us), left(l.edu)),
      straight('student', right(l.edu), left(l.qs)),
      { owner: 'teacher', points: lane(-7, l.lanes.edu, eduX, [eduX, l.edu.y + l.edu.height + 3]) },
    ],
    refinement: answers,
    loss: answers,
  };
  return [
    split(right(l.images), left(l.teacher)),
    split(right(l.images), left(l.student)),
    straight('data', right(l.texts), left(l.textTower)),
    straight('teacher', right(l.teacher), left(l.ut)),
    straight('teacher', right(l.ut), left(l.qt)),
    straight('student', right(l.student), left(l.projector)),
    straight('student', right(l.projector), left(l.us)),
    straight('teacher', right(l.textTower), left(l.w)),
    logits(l.qs),
    logits(l.qt),
    ...(boxes.includes('edu') ? [] : [straight('student', right(l.us), left(l.qs))]),
    ...boxes.flatMap((box) => ofParts[box]),
  ];
}

/** Which losses there are, and whether the student's tower learns. */
export interface Learning {
  fromLogits: boolean;
  fromAlign: boolean;
  /** EduAttention stands on their way. */
  edu: boolean;
  tower: boolean;
}

/** The way of the gradients, from the losses back to what learns; lines of one stage go at the same time. */
export function backwardLines(l: Layout, { fromLogits, fromAlign, edu, tower }: Learning) {
  const featureX = top(l.us)[0];
  const lines: { stage: number; points: Point[]; isUsed: boolean }[] = [
    { stage: 0, points: [bottom(l.refinement), top(l.qs)], isUsed: fromLogits },
    { stage: 1, points: [left(l.qs), right(edu ? l.edu : l.us)], isUsed: fromLogits },
    { stage: 2, points: [left(l.edu), right(l.us)], isUsed: fromLogits && edu },
    { stage: 2, points: [[featureX, l.ifalign.y + l.ifalign.height + 3], top(l.us)], isUsed: fromAlign },
    { stage: 3, points: [left(l.us), right(l.projector)], isUsed: fromLogits || fromAlign },
    { stage: 4, points: [left(l.projector), right(l.student)], isUsed: tower && (fromLogits || fromAlign) },
  ];
  return lines.filter(({ isUsed }) => isUsed);
}
