import { type PlotOptions, rectY, ruleY } from '@observablehq/plot';
import { useMemo } from 'react';
import styles from './charts.module.css';
import { StaticChart } from './StaticChart';
import { useCells } from './useCells';

interface Side {
  of: string;
  name: string;
  values: ArrayLike<number>;
}

interface Props {
  label: string;
  up: Side;
  /** Drawn downwards, on the same scale. */
  down?: Side;
  /** What each bar stands for. */
  names: string[];
  write: (value: number) => string;
  /** Values are shares of 1: in per cent on the axis. */
  isShare?: boolean;
  /** Draws the line of 1/N: shares that are all the same end there. */
  hasLevel?: boolean;
  /** A bar that stands out. */
  marked?: number;
  /** A click on a bar, or Enter. */
  onChoose?: (index: number) => void;
}

/** Bars, one a name, with what they stand for under the pointer or by the arrow keys. */
export function BarChart({
  label,
  up,
  down,
  names,
  write,
  isShare = false,
  hasLevel = false,
  marked,
  onChoose,
}: Props) {
  const count = up.values.length;
  const { cell, handlers } = useCells(1, count);
  const shown = cell?.column ?? marked ?? largestOf(up.values);
  const sides = down ? [up, down] : [up];
  const choose = () => cell && onChoose?.(cell.column);
  const options = useMemo(
    () => optionsOf({ isShare, hasLevel }, up.values, up.of, down?.values, down?.of),
    [isShare, hasLevel, up.values, up.of, down?.values, down?.of],
  );
  const figures = sides.map(({ of, name, values }) => ({ of, text: `${name} ${write(values[shown] ?? 0)}` }));
  return (
    <div className={styles.barChart}>
      <p className={styles.readout} aria-hidden="true">
        <b>{names[shown] ?? '–'}</b>
        {figures.map(({ of, text }) => (
          <span key={of} className={`of-${of}`}>
            {text}
          </span>
        ))}
      </p>
      <div className={styles.barArea}>
        <StaticChart options={options} />
        <div
          className={styles.bars}
          role="slider"
          aria-label={`${label}; arrow keys go from bar to bar`}
          aria-valuemin={1}
          aria-valuemax={count}
          aria-valuenow={shown + 1}
          aria-valuetext={[names[shown], ...figures.map(({ text }) => text)].join(', ')}
          tabIndex={0}
          onClick={choose}
          onKeyUp={(event) => event.key === 'Enter' && choose()}
          {...handlers}
        >
          <i style={{ left: `${(100 * shown) / count}%`, width: `${100 / count}%` }} />
        </div>
      </div>
    </div>
  );
}

/** What `.bars` leaves free for the value axis, in pixels. */
const AXIS = 36;

function optionsOf(
  { isShare, hasLevel }: { isShare: boolean; hasLevel: boolean },
  up: ArrayLike<number>,
  upOf: string,
  down: ArrayLike<number> | undefined,
  downOf: string | undefined,
): PlotOptions {
  const level = hasLevel && up.length > 0 ? 1 / up.length : 0;
  const largest = Math.max(1e-12, 2 * level, ...Array.from(up), ...Array.from(down ?? []));
  const bars = (values: ArrayLike<number>, of: string | undefined, sign: number) =>
    rectY(values, {
      x1: (_: number, i: number) => i + 0.1,
      x2: (_: number, i: number) => i + 0.9,
      y1: 0,
      y2: (value: number) => sign * value,
      fill: `var(--${of})`,
    });
  return {
    marginLeft: AXIS,
    marginRight: 0,
    marginTop: 6,
    marginBottom: 6,
    x: { axis: null, domain: [0, Math.max(1, up.length)] },
    y: {
      label: null,
      ticks: 4,
      tickSize: 0,
      grid: true,
      domain: [down ? -largest : 0, largest],
      tickFormat: (value: number) => tick(Math.abs(value), isShare),
    },
    marks: [
      bars(up, upOf, 1),
      down && bars(down, downOf, -1),
      ruleY([0], { stroke: 'var(--line-strong)' }),
      level > 0 ? ruleY([level], { stroke: 'var(--ink)', strokeDasharray: '3 3' }) : null,
    ],
  };
}

const tick = (value: number, isShare: boolean): string =>
  isShare ? `${+(100 * value).toPrecision(3)} %` : String(+value.toPrecision(3));

function largestOf(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
