import { useMemo } from 'react';
import type uPlot from 'uplot';
import { methods } from '../../../distill/methods/methods';
import { axisTick } from '../../../page/format';
import { termFormula } from '../../../page/formulas';
import { pointAt } from '../../../page/pointer';
import { history } from '../../../page/store';
import { Chart } from '../../charts/Chart';
import { Current } from '../../parts/Explained';
import { useStore } from '../../parts/stores';
import charts from './charts.module.css';
import { DoorPage } from './DoorPage';
import doors from './doors.module.css';
import { texNumber } from './tex';

/** What a method minimises: each term's formula with its numbers, and its course. */
export function LossDoor() {
  const { method, loss: options } = useStore((state) => state.loadedRun);
  const metrics = useStore((state) => state.metrics);
  const { title, terms, weights } = methods[method];
  const sum = Object.entries(weights(options));
  return (
    <DoorPage
      says={`What is made small: ${title}.`}
      formulas={[]}
      numbers={[
        `L = ${sum.map(([term, weight]) => `${weight} \\cdot ${texNumber(metrics?.[term])}`).join(' + ')} = ${texNumber(metrics?.total)}`,
      ]}
    >
      {Object.entries(terms).map(([term, { title: name, colour }]) => (
        <figure key={term}>
          <figcaption className={doors.whole}>
            {name}: <Current read={termFormula(term)} />
          </figcaption>
          <Course term={term} name={name} colour={colour} />
        </figure>
      ))}
    </DoorPage>
  );
}

function Course({ term, name, colour }: { term: string; name: string; colour: string }) {
  const version = useStore((state) => state.version);
  const lines = useMemo(() => [{ colour, width: 1.5 }], [colour]);
  const data = useMemo(() => courseOf(version, term), [version, term]);
  return (
    <Chart
      label={`${name} over the steps`}
      className={charts.path}
      data={data}
      lines={lines}
      isLog={false}
      format={axisTick}
      onPoint={pointAt}
    />
  );
}

/** Views of the columns; a new `version` says that they have grown. */
const courseOf = (_version: number, term: string): uPlot.AlignedData => [
  history.column('step'),
  history.column(term),
];
