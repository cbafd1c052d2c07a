import { useMemo, useState } from 'react';
import type uPlot from 'uplot';
import { loss } from '../format';
import type { Column } from '../history';
import { Segments } from '../parts/Segments';
import { history, useStore } from '../store';
import { Chart } from './Chart';
import { Legend } from './Legend';

const columns = ['total', 'kl', 'mean', 'variance', 'alpha'] as const satisfies Column[];

const lines = [
  { name: 'total', formula: 'weight · KL + weight · (mean + variance)', colour: 'ink', width: 1.75 },
  { name: 'KL', formula: 'τ² KL(softmax(qₜ/τ) ‖ softmax(qₛ/τ))', colour: 'kl', width: 1.5 },
  { name: 'mean', formula: 'mean |μₛ − μₜ|', colour: 'ifalign', width: 1.5 },
  { name: 'variance', formula: 'mean |σ²ₛ − σ²ₜ|', colour: 'ifalign', width: 1.5, isDashed: true },
  {
    name: 'α',
    formula: 'how much of the attention is added, learned',
    colour: 'edu',
    width: 1.5,
    isSigned: true,
  },
];

const scales = [
  ['log', 'log'],
  ['linear', 'linear'],
] as const;

/** All losses and α over the steps. */
export function LossCard() {
  const [scale, setScale] = useState<'log' | 'linear'>('log');
  const [place, setPlace] = useState<number>();
  const version = useStore((state) => state.version);
  const total = useStore((state) => state.metrics?.total);
  const data = useMemo(() => dataOf(version), [version]);
  const at = place ?? history.length - 1;
  return (
    <div className="panel">
      <div className="panel-head">
        <h2>Losses</h2>
        <div className="headline">
          <span>
            total <output aria-label="total loss">{loss(total)}</output>
          </span>
          <Segments label="Scale of losses" value={scale} options={scales} onChange={setScale} />
        </div>
      </div>
      <Chart
        label="Losses over the steps"
        data={data}
        lines={lines}
        isLog={scale === 'log'}
        format={axisValue}
        onPoint={setPlace}
      />
      <Legend
        entries={lines.map((line, i) => ({ ...line, value: loss(history.column(columns[i])[at]) }))}
        note={place === undefined ? '' : `step ${history.column('step')[place] ?? ''}`}
      />
    </div>
  );
}

/** Views of the columns; a new `version` says that they have grown. */
const dataOf = (_version: number): uPlot.AlignedData => [
  history.column('step'),
  ...columns.map((name) => history.column(name)),
];

const axisValue = (value: number): string =>
  value !== 0 && value < 1e-3 ? value.toExponential(0) : String(+value.toPrecision(3));
