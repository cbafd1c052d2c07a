import clsx from 'clsx';
import { useMemo, useState } from 'react';
import type uPlot from 'uplot';
import { methods } from '../../distill/methods/methods';
import { axisTick, count, loss } from '../../page/format';
import { termFormula, totalFormula } from '../../page/formulas';
import { pointAt } from '../../page/pointer';
import type { KeptRun } from '../../page/runs/stored';
import type { State } from '../../page/state';
import { history } from '../../page/store';
import type { Run } from '../../run/schema';
import { Chart } from '../charts/Chart';
import { lineStyle } from '../charts/lineStyles';
import { Explained } from '../parts/Explained';
import { LiveNumber } from '../parts/LiveNumber';
import { Segments } from '../parts/Segments';
import { useStore } from '../parts/stores';
import { Legend } from './Legend';
import { Moments } from './Moments';
import styles from './results.module.css';
import { useShownRuns } from './useShownRuns';
import { useShownStep } from './useShownStep';

/** A figure of the run of now. */
interface DrawnLine {
  column: string;
  name: string;
  formula: (state: State) => string;
  colour: string;
  dash?: readonly number[];
  isSigned?: boolean;
  width: number;
}

const total: DrawnLine = {
  column: 'total',
  name: 'total',
  formula: totalFormula,
  colour: 'ink',
  width: 1.75,
};

/** The total, and each term of a method. */
const linesOf = (method: Run['method']): DrawnLine[] => [
  total,
  ...Object.entries(methods[method].terms).map(([column, { name, colour, dash, isSigned }]) => ({
    column,
    name,
    formula: termFormula(column),
    colour,
    dash,
    isSigned,
    width: 1.5,
  })),
];

const scales = [
  ['log', 'log'],
  ['linear', 'linear'],
] as const;

/** The loss and the method's terms over the steps, and one of them of other runs. */
export function LossCard() {
  const [scale, setScale] = useState<'log' | 'linear'>('log');
  const [chosen, setChosen] = useState(total.column);
  const method = useStore((state) => state.loadedRun.method);
  const lines = useMemo(() => linesOf(method), [method]);
  const compared = lines.find(({ column }) => column === chosen) ?? total;
  const step = useShownStep();
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
      <LossChart isLog={scale === 'log'} lines={lines} compared={compared} others={others} />
      <Moments />
      <Legend entries={lines.map((line) => ({ ...line, value: <Value column={line.column} step={step} /> }))}>
        {others.length > 0 && (
          <select
            aria-label="Figure of the other runs"
            title="What is drawn of the other runs"
            value={compared.column}
            onChange={({ target }) => setChosen(target.value)}
          >
            {lines.map(({ column, name }) => (
              <option key={column} value={column}>
                others: {name}
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
  lines: DrawnLine[];
  /** The one that is drawn of the other runs. */
  compared: DrawnLine;
  others: KeptRun[];
}

function LossChart({ isLog, lines, compared, others }: LossChartProps) {
  const version = useStore((state) => state.version);
  const drawn = useMemo(
    () => [...Array.from({ length: others.length }, (_, i) => otherLine(i, compared)), ...lines],
    [others.length, lines, compared],
  );
  const data = useMemo(() => dataOf(version, lines, others, compared), [version, lines, others, compared]);
  return (
    <Chart
      label="Losses over the steps"
      className={styles.high}
      data={data}
      lines={drawn}
      isLog={isLog}
      format={axisTick}
      onPoint={pointAt}
    />
  );
}

/** A figure at a step, or else at the last one. */
function Value({ column, step }: { column: string; step: number | undefined }) {
  const text = useStore(() =>
    loss(history.column(column)[step === undefined ? history.length - 1 : step - 1]),
  );
  return <b>{text}</b>;
}

const otherLine = (i: number, { isSigned }: DrawnLine) => ({ ...lineStyle(i), width: 1.25, isSigned });

const none = new Float64Array();

/**
 * Views of the columns; a new `version` says that they have grown. Every run's steps count from 1, so that the longest
 * one's are the steps of all; what is beyond a shorter one's end is no point.
 */
function dataOf(
  _version: number,
  lines: DrawnLine[],
  others: KeptRun[],
  compared: DrawnLine,
): uPlot.AlignedData {
  const steps = [history.column('step'), ...others.map(({ curves }) => curves.step)];
  return [
    steps.reduce((longest, one) => (one.length > longest.length ? one : longest)),
    ...others.map(({ curves }) => curves[compared.column] ?? none),
    ...lines.map(({ column }) => history.column(column)),
  ];
}
