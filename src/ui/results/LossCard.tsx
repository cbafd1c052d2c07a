import clsx from 'clsx';
import { useMemo, useState } from 'react';
import type uPlot from 'uplot';
import { count, loss } from '../format';
import { alphaFormula, klFormula, meanFormula, totalFormula, varianceFormula } from '../formulas';
import type { Column } from '../history';
import { Explained } from '../parts/Explained';
import { LiveNumber } from '../parts/LiveNumber';
import { Segments } from '../parts/Segments';
import type { KeptRun } from '../runs/kept';
import { lineStyle } from '../runs/lineStyles';
import { history, useStore } from '../store';
import { Chart } from './Chart';
import { Legend } from './Legend';
import styles from './results.module.css';
import { pointAt, usePointer } from './usePointer';
import { useShownRuns } from './useShownRuns';

const columns = ['total', 'kl', 'mean', 'variance', 'alpha'] as const satisfies Column[];
type Compared = (typeof columns)[number];

const lines = [
  { name: 'total', formula: totalFormula, colour: 'ink', width: 1.75 },
  { name: 'KL', formula: klFormula, colour: 'kl', width: 1.5 },
  { name: 'mean', formula: meanFormula, colour: 'ifalign', width: 1.5 },
  { name: 'variance', formula: varianceFormula, colour: 'ifalign', width: 1.5, dash: [5, 4] },
  {
    name: 'α',
    formula: alphaFormula,
    colour: 'edu',
    width: 1.5,
    isSigned: true,
  },
];

const scales = [
  ['log', 'log'],
  ['linear', 'linear'],
] as const;

/** All losses and α over the steps, and one of them of other runs. */
export function LossCard() {
  const [scale, setScale] = useState<'log' | 'linear'>('log');
  const [compared, setCompared] = useState<Compared>('total');
  const step = usePointer((state) => state.step);
  const others = useShownRuns();
  return (
    <div className={clsx('panel', styles.card)}>
      <div className="panel-head">
        <h2>Losses</h2>
        <span className="muted">{step !== undefined && `step ${count(step)}`}</span>
        <div className={styles.headline}>
          <Explained name="total" formula={totalFormula}>
            {' '}
            <LiveNumber label="total loss" read={({ metrics }) => loss(metrics?.total)} />
          </Explained>
          <Segments label="Scale of losses" value={scale} options={scales} onChange={setScale} />
        </div>
      </div>
      <LossChart isLog={scale === 'log'} compared={compared} others={others} />
      <Legend
        entries={lines.map((line, i) => ({ ...line, value: <Value column={columns[i]} step={step} /> }))}
      >
        {others.length > 0 && (
          <select
            aria-label="Figure of the other runs"
            title="What is drawn of the other runs"
            value={compared}
            onChange={({ target }) => setCompared(columns.find((name) => name === target.value) ?? 'total')}
          >
            {columns.map((name, i) => (
              <option key={name} value={name}>
                others: {lines[i].name}
              </option>
            ))}
          </select>
        )}
      </Legend>
    </div>
  );
}

interface LossChartProps {
  isLog: boolean;
  compared: Compared;
  others: KeptRun[];
}

function LossChart({ isLog, compared, others }: LossChartProps) {
  const version = useStore((state) => state.version);
  const drawn = useMemo(
    () => [...Array.from({ length: others.length }, (_, i) => otherLine(i, compared)), ...lines],
    [others.length, compared],
  );
  const data = useMemo(() => dataOf(version, others, compared), [version, others, compared]);
  return (
    <Chart
      label="Losses over the steps"
      className={styles.high}
      data={data}
      lines={drawn}
      isLog={isLog}
      format={axisValue}
      onPoint={pointAt}
    />
  );
}

/** A figure at a step, or else at the last one. */
function Value({ column, step }: { column: Column; step: number | undefined }) {
  const text = useStore(() =>
    loss(history.column(column)[step === undefined ? history.length - 1 : step - 1]),
  );
  return <b>{text}</b>;
}

const otherLine = (i: number, compared: Compared) => ({
  ...lineStyle(i),
  width: 1.25,
  isSigned: compared === 'alpha',
});

/**
 * Views of the columns; a new `version` says that they have grown. Every run's steps count from 1, so that the longest
 * one's are the steps of all; what is beyond a shorter one's end is no point.
 */
function dataOf(_version: number, others: KeptRun[], compared: Compared): uPlot.AlignedData {
  const steps = [history.column('step'), ...others.map(({ curves }) => curves.step)];
  return [
    steps.reduce((longest, one) => (one.length > longest.length ? one : longest)),
    ...others.map(({ curves }) => curves[compared]),
    ...columns.map((name) => history.column(name)),
  ];
}

const axisValue = (value: number): string =>
  value !== 0 && value < 1e-3 ? value.toExponential(0) : String(+value.toPrecision(3));
