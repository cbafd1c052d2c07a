import { useMemo, useState } from 'react';
import uPlot from 'uplot';
import type { Accuracy } from '../../evaluate/results';
import { percent } from '../format';
import type { AccuracyPoint, PastRun } from '../state';
import { useStore } from '../store';
import { Chart } from './Chart';
import { runColours, shownRuns } from './runs';

const range = [0, 100] as const;
const whole = (value: number): string => `${value} %`;

/** The student's accuracy on held-out images against the teacher's, and of the runs before. */
export function AccuracyCard() {
  const accuracies = useStore((state) => state.accuracies);
  const past = useStore((state) => state.past);
  const data = useStore((state) => state.data?.name);
  const evaluation = useStore((state) => state.evaluation);
  const hasUnseen = useStore((state) => state.data?.credits.some((credit) => credit.heldOut) ?? false);
  const [place, setPlace] = useState<number>();

  const before = useMemo(() => shownRuns(past, data), [past, data]);
  const lines = useMemo(() => linesOf(before), [before]);
  const table = useMemo(() => tableOf(accuracies, before), [accuracies, before]);
  const last = accuracies.at(-1);
  const step = place === undefined ? undefined : table[0][place];
  const shown = accuracies.find((point) => point.step === step) ?? last;
  return (
    <div className="panel">
      <div className="panel-head">
        <h2>Accuracy</h2>
        <span className="muted">
          {shown !== last && `step ${step}, `}
          {evaluation?.heldOut !== false
            ? hasUnseen
              ? 'on unseen artists'
              : 'on held-out images'
            : 'on training images'}
        </span>
      </div>
      <Chart
        label="Accuracy over the steps"
        data={table}
        lines={lines}
        isLog={false}
        atLeast={range}
        format={whole}
        onPoint={setPlace}
      />
      <div className="tiles">
        <div className="of-student" title={titleOf(evaluation?.student)}>
          <b>
            <output aria-label="student accuracy">{percent(shown?.student)}</output> %
          </b>
          <small>student</small>
        </div>
        <div className="of-teacher" title={titleOf(evaluation?.teacher)}>
          <b>
            <output aria-label="teacher accuracy">{percent(shown?.teacher)}</output> %
          </b>
          <small>teacher</small>
        </div>
        <div>
          <b>
            {shown && shown.teacher > 0 ? `${((shown.student / shown.teacher) * 100).toFixed(0)} %` : '–'}
          </b>
          <small>of the teacher’s</small>
        </div>
      </div>
    </div>
  );
}

/** What the accuracy is of, and how often the right text is among the first five. */
const titleOf = (accuracy: Accuracy | undefined): string =>
  `Share of images whose right text comes first; now among the first five: ${percent(accuracy?.top5)} %`;

const linesOf = (before: PastRun[]) => [
  { colour: 'teacher', width: 1.5, isDashed: true },
  { colour: 'student', width: 2, hasPoints: true },
  ...before.map((_, i) => ({ colour: runColours[i], width: 1.25 })),
];

/** Accuracies in per cent, of all runs over the steps of all. */
function tableOf(accuracies: AccuracyPoint[], before: PastRun[]): uPlot.AlignedData {
  const steps = (points: AccuracyPoint[]) => points.map(({ step }) => step);
  const student = (points: AccuracyPoint[]) => points.map((point) => point.student * 100);
  const [all, ...lines] = uPlot.join([
    [steps(accuracies), student(accuracies)],
    ...before.map((run): uPlot.AlignedData => [steps(run.accuracies), student(run.accuracies)]),
  ]);
  const teacher = accuracies.at(-1)?.teacher;
  return [all, Array.from(all, () => (teacher === undefined ? null : teacher * 100)), ...lines];
}
