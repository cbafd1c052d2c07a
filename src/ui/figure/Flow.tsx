import { useMemo } from 'react';
import { useStore } from '../store';
import { type Layout, type Point, type Rect, route } from './layOut';

type Owner = 'data' | 'teacher' | 'student' | 'kl';

interface Line {
  owner: Owner;
  points: Point[];
  isDashed?: boolean;
}

/** The lines of the figure: what flows where. Dots move along them while a run goes on. */
export function Flow({ layout }: { layout: Layout }) {
  const isMoving = useStore((state) => state.session === 'running');
  const isSparing = useStore(({ device }) => device?.isSoftware || device?.backend === 'wasm');
  const lines = useMemo(() => linesOf(layout), [layout]);
  const classes = ['flow', isMoving && 'is-moving', isSparing && 'is-sparing'];
  return (
    <svg className={classes.filter(Boolean).join(' ')} aria-hidden="true">
      <defs>
        {(['data', 'teacher', 'student', 'kl'] as const).map((owner) => (
          <marker
            key={owner}
            id={`head-${owner}`}
            className={`of-${owner}`}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="8"
            markerHeight="8"
            markerUnits="userSpaceOnUse"
            orient="auto"
          >
            <path className="head" d="M0 0 8 4 0 8z" />
          </marker>
        ))}
      </defs>
      {lines.map(({ owner, points, isDashed }) => {
        const path = route(points);
        return (
          <g key={path} className={`of-${owner}`}>
            <path
              d={path}
              className={isDashed ? 'line is-dashed' : 'line'}
              markerEnd={`url(#head-${owner})`}
            />
            <path d={path} className="dots" />
          </g>
        );
      })}
    </svg>
  );
}

const right = ({ x, y, width, height }: Rect): Point => [x + width + 2, y + height / 2];
const left = ({ x, y, height }: Rect): Point => [x - 3, y + height / 2];
const top = ({ x, y, width }: Rect): Point => [x + width / 2, y - 3];
const bottom = ({ x, y, width, height }: Rect): Point => [x + width / 2, y + height + 3];

function linesOf(l: Layout): Line[] {
  const straight = (owner: Owner, from: Point, to: Point): Line => ({ owner, points: [from, to] });
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
  return [
    split(right(l.images), left(l.teacher)),
    split(right(l.images), left(l.student)),
    straight('data', right(l.texts), left(l.textTower)),
    straight('teacher', right(l.teacher), left(l.ut)),
    straight('teacher', right(l.ut), left(l.qt)),
    straight('teacher', bottom(l.ut), [featureX, l.ifalign.y - 3]),
    straight('student', right(l.student), left(l.projector)),
    straight('student', right(l.projector), left(l.us)),
    straight('student', top(l.us), [featureX, l.ifalign.y + l.ifalign.height + 3]),
    straight('student', right(l.us), left(l.edu)),
    straight('student', right(l.edu), left(l.qs)),
    straight('teacher', right(l.textTower), left(l.w)),
    { owner: 'teacher', points: lane(-7, l.lanes.edu, eduX, [eduX, l.edu.y + l.edu.height + 3]) },
    logits(l.qs),
    logits(l.qt),
    straight('kl', bottom(l.qt), top(l.refinement)),
    straight('kl', top(l.qs), bottom(l.refinement)),
  ];
}
