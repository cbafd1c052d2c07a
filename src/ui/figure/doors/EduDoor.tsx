import clsx from 'clsx';
import { useMemo } from 'react';
import type uPlot from 'uplot';
import { axisTick, loss, percent, percentage } from '../../../page/format';
import { pointAt } from '../../../page/pointer';
import { history } from '../../../page/store';
import { Chart } from '../../charts/Chart';
import { useLabel } from '../../parts/labels';
import { useStore } from '../../parts/stores';
import { useSizes } from '../useSizes';
import { useWatched } from '../useWatched';
import { BarChart } from './BarChart';
import charts from './charts.module.css';
import { DoorPage } from './DoorPage';
import styles from './doors.module.css';
import { texNumber, texWords } from './tex';

const none = new Float32Array();
const alphaRange = [0, 0.01] as const;

/** Which texts the followed image attends to, and how α has grown. */
export function EduDoor() {
  const alpha = useStore((state) => state.metrics?.alpha);
  const texts = useStore((state) => state.evaluation?.logits.texts) ?? [];
  const watched = useWatched();
  const label = useLabel();
  const { d } = useSizes();
  const attention = watched?.attention ?? none;
  const most = attention.indexOf(attention.reduce((a, b) => Math.max(a, b), 0));
  const image = watched ? watched.truth.map(label).join(', ') || watched.path : '';
  return (
    <DoorPage
      says="The student’s features look at the texts and take over a little, α, of what the closest ones say. α is learned and starts at 0."
      formulas={[
        {
          tex: '\\fe = \\operatorname{normalise}(\\gate\\, \\fatt + \\us)',
          spoken: 'fₑ = normalise(α times f att + uₛ)',
        },
        {
          tex: '\\fatt = \\operatorname{softmax}\\!\\Big(\\frac{\\Q\\K^{\\top}}{\\sqrt{\\C}}\\Big)\\,\\V',
          spoken: 'f att = softmax(Q K transposed over the root of C) times V',
        },
      ]}
      values={{ gate: loss(alpha), C: d === undefined ? undefined : String(d) }}
      numbers={[
        `f_e = \\operatorname{normalise}(${alpha === undefined ? '0' : texNumber(alpha)} \\cdot f_{\\text{att}} + u_s)`,
        ...(attention.length > 0
          ? [
              `\\operatorname{softmax}\\!\\big(Q K^{\\top}\\!/\\sqrt{${d ?? 'C'}}\\big)_{${texWords(label(texts[most] ?? '–'))}} = ${percent(attention[most])}\\,\\%`,
            ]
          : []),
      ]}
    >
      <figure className={styles.grows}>
        <figcaption>
          attention for “{image}”
          {attention.length > 0 && `; dashed: 1/N = ${percentage(1 / attention.length)}`}
        </figcaption>
        {attention.length > 0 ? (
          <BarChart
            label="EduAttention’s weights over the texts"
            up={{ of: 'edu', name: 'attention', values: attention }}
            names={texts.map(label)}
            write={percentage}
            isShare
            hasLevel
          />
        ) : (
          <p className={clsx('muted', styles.waiting)}>EduAttention is switched off in this run.</p>
        )}
      </figure>
      <figure>
        <figcaption>α over all steps, now {loss(alpha)}</figcaption>
        <AlphaPath />
      </figure>
    </DoorPage>
  );
}

const alphaLine = [{ colour: 'edu', width: 1.5 }];

function AlphaPath() {
  const version = useStore((state) => state.version);
  const data = useMemo(() => pathOf(version), [version]);
  return (
    <Chart
      label="α over the steps"
      className={charts.path}
      data={data}
      lines={alphaLine}
      isLog={false}
      atLeast={alphaRange}
      format={axisTick}
      onPoint={pointAt}
    />
  );
}

/** Views of the columns; a new `version` says that they have grown. */
const pathOf = (_version: number): uPlot.AlignedData => [history.column('step'), history.column('alpha')];
