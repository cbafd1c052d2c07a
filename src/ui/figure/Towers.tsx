import { amount } from '../format';
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
      <Box {...box} name="teacher" owner="teacher" rect={layout.teacher} title="Teacher">
        <small>image tower, frozen</small>
        <small className="muted">{teacher ? `${amount(teacher.imageParameters)} parameters` : ' '}</small>
      </Box>
      <Box {...box} name="student" owner="student" rect={layout.student} title="Student">
        <small>image tower, learns</small>
        <small className="muted">{student ? `${amount(student.imageParameters)} parameters` : ' '}</small>
      </Box>
      <Box {...box} name="textTower" owner="teacher" rect={layout.textTower} title="Teacher, texts">
        <small>text tower, frozen</small>
        <small className="muted">once for {sizes.n ?? 'N'} texts</small>
      </Box>
      <Box {...box} isSmall name="projector" owner="student" rect={layout.projector} title="P" />
      <Feature owner="teacher" rect={layout.ut} name="u" index="t" />
      <Feature owner="student" rect={layout.us} name="u" index="s" />
      <Feature owner="teacher" rect={layout.w} name="W" />
      <Shape x={layout.ut.x + layout.ut.width} y={layout.ut.y} text={shapeOf('bd', sizes)} />
      <Shape x={layout.us.x + layout.us.width} y={layout.us.y} text={shapeOf('bd', sizes)} />
      <Shape x={layout.w.x + layout.w.width - 2} y={layout.w.y + 18} text={shapeOf('nd', sizes)} />
      <Shape x={layout.edu.x + layout.edu.width} y={layout.us.y} text="fₑ" />
    </>
  );
}

function Feature({ owner, rect, name, index }: { owner: 'teacher' | 'student'; rect: Rect; name: string; index?: string }) {
  return (
    <div className={`box feature of-${owner}`} style={place(rect)}>
      {name}
      {index && <sub>{index}</sub>}
    </div>
  );
}

/** The shape of what runs along a line, written above it. */
function Shape({ x, y, text }: { x: number; y: number; text: string }) {
  return (
    <span className="shape" style={{ left: x + 8, top: y - 5 }}>
      {text}
    </span>
  );
}
