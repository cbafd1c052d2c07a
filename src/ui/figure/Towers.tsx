import type { ReactNode } from 'react';
import { useStore } from '../store';
import { Box, type BoxName, place } from './Box';
import type { Layout, Rect } from './layOut';
import { shapeOf } from './Symbol';
import { useSizes } from './useSizes';

export interface FigureProps {
  layout: Layout;
  open: BoxName;
  onOpen: (name: BoxName) => void;
}

/** The models: both image towers, the teacher's text tower, the projector, and the features that they give. */
export function Towers({ layout, open, onOpen }: FigureProps) {
  const teacher = useStore((state) => state.teacher);
  const student = useStore((state) => state.student);
  const sizes = useSizes();
  const box = { open, onOpen };
  return (
    <>
      <Box
        {...box}
        name="teacher"
        hint="uₜ = normalise(fₜ(x)): what the teacher sees in the images"
        owner="teacher"
        rect={layout.teacher}
        title="Teacher"
        note="frozen"
      >
        <small>image tower</small>
        <small className="muted">{teacher ? teacher.description : ' '}</small>
      </Box>
      <Box
        {...box}
        name="student"
        hint="uₛ = normalise(P(fₛ(x))): what the student sees in the images"
        owner="student"
        rect={layout.student}
        title="Student"
        note="learns"
      >
        <small>image tower</small>
        <small className="muted">{student ? student.description : ' '}</small>
      </Box>
      <Box
        {...box}
        name="textTower"
        hint="W = normalise(f(texts)), once"
        owner="teacher"
        rect={layout.textTower}
        title="Teacher"
        note="frozen"
      >
        <small>text tower</small>
        <small className="muted">once for {sizes.n ?? 'N'} texts</small>
      </Box>
      <Box
        {...box}
        isSmall
        name="projector"
        hint="P: Linear, BatchNorm, ReLU, Linear, to the teacher’s number of features"
        owner="student"
        rect={layout.projector}
        title="P"
      />
      <Feature owner="teacher" rect={layout.ut} name="u" index="t" />
      <Feature owner="student" rect={layout.us} name="u" index="s" />
      <Feature owner="teacher" rect={layout.w} name="W" />
      <Shape after={layout.ut}>{shapeOf('bd', sizes)}</Shape>
      {layout.edu.x - layout.us.x - layout.us.width > 56 && (
        <Shape after={layout.us}>{shapeOf('bd', sizes)}</Shape>
      )}
      <Shape after={layout.w}>{shapeOf('nd', sizes)}</Shape>
      <Shape after={layout.edu}>
        <i>
          f<sub>e</sub>
        </i>
      </Shape>
    </>
  );
}

function Feature({
  owner,
  rect,
  name,
  index,
}: {
  owner: 'teacher' | 'student';
  rect: Rect;
  name: string;
  index?: string;
}) {
  return (
    <div className={`box feature of-${owner}`} style={place(rect)}>
      <span>
        {name}
        {index && <sub>{index}</sub>}
      </span>
    </div>
  );
}

/** What leaves a box, written above its line. */
function Shape({ after: { x, y, width, height }, children }: { after: Rect; children: ReactNode }) {
  return (
    <span className="shape" style={{ left: x + width + 6, top: y + height / 2 - 4 }}>
      {children}
    </span>
  );
}
