import { useMemo } from 'react';
import type uPlot from 'uplot';
import type { EvaluationSummary } from '../../run/report';
import { count, percent } from '../format';
import { accuracyFormula, shareFormula } from '../formulas';
import { Explained } from '../parts/Explained';
import type { KeptRun } from '../runs/kept';
import { lineStyle } from '../runs/lineStyles';
import { useStore } from '../store';
import { Chart } from './Chart';
import styles from './results.module.css';
import { pointAt, usePointer } from './usePointer';
import { useShownRuns } from './useShownRuns';

const range = [0, 100] as const;
const whole = (value: number): string => `${value} %`;

/** The student's accuracy on held-out images against the teacher's, and of the other runs that are shown. */
export function AccuracyCard() {
  const evaluations = useStore((state) => state.evaluations);
  const evaluation = useStore((state) => state.evaluation);
  const hasUnseen = useStore((state) => state.data?.credits.some((credit) => credit.heldOut) ?? false);
  const step = usePointer((state) => state.step);
  const others = useShownRuns();
  const lines = useMemo(() => linesOf(others), [others]);
  const table = useMemo(() => tableOf(evaluations, others), [evaluations, others]);
  const last = evaluations.at(-1);
  const shown = step === undefined ? last : (evaluations.findLast((one) => one.step <= step) ?? last);
  const [student, teacher] = [shown?.student.top1, shown?.teacher.top1];
  return (
    <div className="panel">
      <div className="panel-head">
        <h2>Accuracy</h2>
        <span className="muted">
          {shown && shown !== last && `step ${count(shown.step)}, `}
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
      <div className={styles.tiles}>
        <div className="of-student">
          <Explained name="student" formula={studentAccuracy} isNumberFirst className={styles.tile}>
            <b>
              <output aria-label="student accuracy">{percent(student)}</output> %
            </b>
          </Explained>
        </div>
        <div className="of-teacher">
          <Explained name="teacher" formula={teacherAccuracy} isNumberFirst className={styles.tile}>
            <b>
              <output aria-label="teacher accuracy">{percent(teacher)}</output> %
            </b>
          </Explained>
        </div>
        <div>
          <Explained name="of the teacher’s" formula={shareFormula} isNumberFirst className={styles.tile}>
            <b>{student !== undefined && teacher ? `${((student / teacher) * 100).toFixed(0)} %` : '–'}</b>
          </Explained>
        </div>
      </div>
    </div>
  );
}

const [studentAccuracy, teacherAccuracy] = [accuracyFormula('student'), accuracyFormula('teacher')];

const linesOf = (others: KeptRun[]) => [
  ...others.map((_, i) => ({ ...lineStyle(i), width: 1.5 })),
  { colour: 'teacher', width: 1.5, dash: [5, 4] },
  { colour: 'student', width: 2, hasPoints: true },
];

/** Accuracies in per cent, of all runs over the steps of all; lines go on over steps at which a run was not evaluated. */
function tableOf(evaluations: EvaluationSummary[], others: KeptRun[]): uPlot.AlignedData {
  const all = [evaluations, ...others.map((run) => run.evaluations)];
  const steps = [...new Set(all.flatMap((one) => one.map(({ step }) => step)))].sort((a, b) => a - b);
  const [students, ...rest] = all.map((one) => {
    const accuracies = new Map(one.map(({ step, student }) => [step, inPercent(student.top1)]));
    return steps.map((step) => accuracies.get(step));
  });
  const teacher = inPercent(evaluations.at(-1)?.teacher.top1);
  return [steps, ...rest, steps.map(() => teacher), students];
}

/** Null where nothing is labelled. */
const inPercent = (share: number | undefined): number | null => (share === undefined ? null : share * 100);
