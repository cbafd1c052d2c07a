import clsx from 'clsx';
import { lazy, Suspense, useMemo } from 'react';
import type uPlot from 'uplot';
import { chanceOf } from '../../page/chance';
import { count, percent } from '../../page/format';
import { accuracyFormula, chanceFormula } from '../../page/formulas';
import { pointAt } from '../../page/pointer';
import type { KeptRun } from '../../page/runs/stored';
import type { EvaluationSummary } from '../../run/report';
import { Chart } from '../charts/Chart';
import { LineSwatch } from '../charts/LineSwatch';
import { lineStyle } from '../charts/lineStyles';
import { Explained } from '../parts/Explained';
import { useStore } from '../parts/stores';
import styles from './results.module.css';
import { useShownRuns } from './useShownRuns';
import { useShownStep } from './useShownStep';

const Recalls = lazy(() => import('./Recalls').then((module) => ({ default: module.Recalls })));

const range = [0, 100] as const;
const whole = (value: number): string => `${value} %`;

/** The student's accuracy on held-out images against the teacher's, and of the other runs that are shown. */
export function AccuracyCard() {
  const evaluations = useStore((state) => state.evaluations);
  const evaluation = useStore((state) => state.evaluation);
  const hasUnseen = useStore((state) => state.data?.credits.some((credit) => credit.heldOut) ?? false);
  const texts = useStore((state) => state.data?.texts);
  const areCaptions = useStore(({ data }) => data?.classes.length === 0);
  const step = useShownStep();
  const others = useShownRuns();
  const lines = useMemo(() => linesOf(others.length), [others.length]);
  const table = useMemo(() => tableOf(evaluations, others, chanceOf(texts)), [evaluations, others, texts]);
  const last = evaluations.at(-1);
  const shown = step === undefined ? last : (evaluations.findLast((one) => one.step <= step) ?? last);
  const [student, teacher] = [shown?.student.top1, shown?.teacher.top1];
  return (
    <div className={clsx('panel', styles.card)}>
      <div className="panel-head">
        <h2>Accuracy</h2>
        <span className="muted">
          {shown && shown !== last && `step ${count(shown.step)}, `}
          {areCaptions && 'recall@1 '}
          {evaluation?.heldOut !== false
            ? hasUnseen
              ? 'on unseen artists'
              : 'on held-out images'
            : 'on training images'}
        </span>
      </div>
      <Chart
        label="Accuracy over the steps"
        className={styles.high}
        data={table}
        lines={lines}
        isLog={false}
        atLeast={range}
        format={whole}
        onPoint={pointAt}
      />
      {areCaptions ? (
        <Suspense>
          <Recalls />
        </Suspense>
      ) : (
        <Tiles student={student} teacher={teacher} />
      )}
    </div>
  );
}

/** Shares (0..1) that both models are right in, and what guessing gives. */
function Tiles({ student, teacher }: { student: number | undefined; teacher: number | undefined }) {
  const texts = useStore((state) => state.data?.texts);
  const tiles = [
    {
      name: 'student',
      label: 'student accuracy',
      share: student,
      line: studentLine,
      formula: studentAccuracy,
    },
    {
      name: 'teacher',
      label: 'teacher accuracy',
      share: teacher,
      line: teacherLine,
      formula: teacherAccuracy,
    },
    { name: 'chance', label: 'chance', share: chanceOf(texts), line: chanceLine, formula: chanceFormula },
  ];
  return (
    <div className={styles.tiles}>
      {tiles.map(({ name, label, share, line, formula }) => (
        <div key={name} className={`of-${name}`}>
          <Explained
            name={
              <>
                {name} <LineSwatch {...line} />
              </>
            }
            formula={formula}
            isNumberFirst
            className={styles.tile}
          >
            <b>
              <output aria-label={label}>{percent(share)}</output> %
            </b>
          </Explained>
        </div>
      ))}
    </div>
  );
}

const studentLine = { colour: 'student', width: 2, hasPoints: true };
const teacherLine = { colour: 'teacher', width: 1.5, dash: [5, 4] };
const chanceLine = { colour: 'ink-3', width: 1, dash: [2, 4] };

const [studentAccuracy, teacherAccuracy] = [accuracyFormula('student'), accuracyFormula('teacher')];

const linesOf = (others: number) => [
  ...Array.from({ length: others }, (_, i) => ({ ...lineStyle(i), width: 1.5 })),
  chanceLine,
  teacherLine,
  studentLine,
];

/** Accuracies in per cent, of all runs over the steps of all; lines go on over steps at which a run was not evaluated. */
function tableOf(
  evaluations: EvaluationSummary[],
  others: KeptRun[],
  chance: number | undefined,
): uPlot.AlignedData {
  const all = [evaluations, ...others.map((run) => run.evaluations)];
  const steps = [...new Set(all.flatMap((one) => one.map(({ step }) => step)))].sort((a, b) => a - b);
  const [students, ...rest] = all.map((one) => {
    const accuracies = new Map(one.map(({ step, student }) => [step, inPercent(student.top1)]));
    return steps.map((step) => accuracies.get(step));
  });
  const teacher = inPercent(evaluations.at(-1)?.teacher.top1);
  const level = inPercent(chance);
  return [steps, ...rest, steps.map(() => level), steps.map(() => teacher), students];
}

/** Null where nothing is labelled. */
const inPercent = (share: number | undefined): number | null => (share === undefined ? null : share * 100);
