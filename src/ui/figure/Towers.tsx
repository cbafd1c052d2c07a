import clsx from 'clsx';
import type { ReactNode } from 'react';
import { methods } from '../../distill/methods/methods';
import { percentage } from '../../page/format';
import { projectorFormula, textsFormula, towerFormula } from '../../page/formulas';
import { shapeOf } from '../../page/sizes';
import { shownRun } from '../../page/store';
import { useStore } from '../parts/stores';
import { Bars } from './Bars';
import { Box, place } from './Box';
import styles from './figure.module.css';
import type { Layout, Rect } from './layOut';
import { useSizes } from './useSizes';

/** How many of the last evaluations the student's bars show. */
const EVALUATIONS = 12;

const [teacherFeatures, studentFeatures] = [towerFormula('teacher'), towerFormula('student')];

export interface FigureProps {
  layout: Layout;
}

/** The models: both image towers, the teacher's text tower, the projector, and the features that they give. */
export function Towers({ layout }: FigureProps) {
  const teacher = useStore((state) => state.teacher);
  const student = useStore((state) => state.student);
  const sizes = useSizes();
  const { boxes } = methods[useStore(shownRun).method];
  const accuracy = useStore((state) => state.evaluation);
  const evaluations = useStore((state) => state.evaluations);
  const course = evaluations.slice(-EVALUATIONS).map((one) => one.student.top1 ?? one.agreement);
  return (
    <>
      <Box
        name="teacher"
        formula={teacherFeatures}
        hint="What the teacher sees in the images"
        owner="teacher"
        rect={layout.teacher}
        title="Teacher"
        spoken="Teacher’s image tower"
        note="frozen"
      >
        <small className="muted">{teacher ? teacher.description : ' '}</small>
        <p className={styles.values}>
          <Right share={accuracy?.teacher.top1} />
        </p>
      </Box>
      <Box
        name="student"
        formula={studentFeatures}
        hint="What the student sees in the images"
        owner="student"
        rect={layout.student}
        title="Student"
        spoken="Student’s image tower"
        note="learns"
      >
        <small className="muted">{student ? student.description : ' '}</small>
        <p className={styles.values}>
          <Right share={accuracy?.student.top1} />
          <Bars values={course} height={13} />
        </p>
      </Box>
      <Box
        name="textTower"
        formula={textsFormula}
        hint="What the teacher reads in the texts"
        owner="teacher"
        rect={layout.textTower}
        title="Teacher"
        spoken="Teacher’s text tower"
        note="frozen"
      >
        <small>text tower</small>
        <small className="muted">once for {sizes.n ?? 'N'} texts</small>
      </Box>
      <Box
        isSmall
        name="projector"
        formula={projectorFormula}
        hint="Brings the student’s features to the size of the teacher’s"
        owner="student"
        rect={layout.projector}
        title="P"
        spoken="Projector P"
      />
      <Feature owner="teacher" rect={layout.ut} name="u" index="t" />
      <Feature owner="student" rect={layout.us} name="u" index="s" />
      <Feature owner="teacher" rect={layout.w} name="W" />
      <Shape below={layout.images}>{sizes.b} a batch</Shape>
      <Shape below={layout.projector}>{shapeOf('sd', sizes).replace('×', '→')}</Shape>
      <Shape after={layout.ut}>{shapeOf('bd', sizes)}</Shape>
      {layout.edu.x - layout.us.x - layout.us.width > 56 && (
        <Shape after={layout.us}>{shapeOf('bd', sizes)}</Shape>
      )}
      <Shape below={layout.w}>{shapeOf('nd', sizes)}</Shape>
      {boxes.includes('edu') && layout.qs.x - layout.edu.x - layout.edu.width > 40 && (
        <Shape after={layout.edu}>
          <i>
            f<sub>e</sub>
          </i>
        </Shape>
      )}
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
    <div className={clsx(styles.box, styles.feature, `of-${owner}`)} style={place(rect)}>
      <span>
        {name}
        {index && <sub>{index}</sub>}
      </span>
    </div>
  );
}

/** Accuracy on the held-out images; nothing where they have no labels. */
function Right({ share }: { share: number | undefined }) {
  const areCaptions = useStore(({ data }) => data?.classes.length === 0);
  if (share === undefined) return <span> </span>;
  return <span>{areCaptions ? `recall@1 ${percentage(share)}` : `${percentage(share)} right`}</span>;
}

interface ShapeProps {
  /** The box that it leaves: written above its line. */
  after?: Rect;
  /** Written under a box. */
  below?: Rect;
  children: ReactNode;
}

/** The shape of what flows. */
function Shape({ after, below, children }: ShapeProps) {
  if (below) {
    const style = { left: below.x + below.width / 2, top: below.y + below.height + 5 };
    return (
      <span className={clsx(styles.shape, styles.isBelow)} style={style}>
        {children}
      </span>
    );
  }
  if (!after) return null;
  return (
    <span
      className={styles.shape}
      style={{ left: after.x + after.width + 6, top: after.y + after.height / 2 - 4 }}
    >
      {children}
    </span>
  );
}
