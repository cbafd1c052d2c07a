import { useSize } from '../../parts/useSize';
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
  /** A bar that stands out. */
  marked?: number;
  /** A click on a bar, or Enter. */
  onChoose?: (index: number) => void;
}

/** Bars, one a name, with what they stand for under the pointer or by the arrow keys. */
export function BarChart({ label, up, down, names, write, marked, onChoose }: Props) {
  const [ref, { width, height }] = useSize<HTMLDivElement>();
  const count = up.values.length;
  const { cell, handlers } = useCells(1, count);
  const largest = Math.max(1e-12, ...Array.from(up.values), ...Array.from(down?.values ?? []));
  const middle = down ? height / 2 : height;
  const shown = cell?.column ?? marked ?? largestOf(up.values);
  const sides = down ? [up, down] : [up];
  const choose = () => cell && onChoose?.(cell.column);
  return (
    <div className="bar-chart">
      <p className="readout" aria-live="polite">
        <b>{names[shown] ?? '–'}</b>
        {sides.map(({ of, name, values }) => (
          <span key={name} className={`of-${of}`}>
            {name} {write(values[shown] ?? 0)}
          </span>
        ))}
      </p>
      {/* biome-ignore-start lint/a11y/noNoninteractiveTabindex: arrow keys go from bar to bar */}
      <div
        ref={ref}
        className="bar-area"
        role="application"
        aria-label={`${label}; arrow keys go from bar to bar`}
        tabIndex={0}
        onClick={choose}
        onKeyUp={(event) => event.key === 'Enter' && choose()}
        {...handlers}
      >
        {/* biome-ignore-end lint/a11y/noNoninteractiveTabindex: as above */}
        <svg aria-hidden="true">
          <rect
            className="bar-cursor"
            x={(shown / count) * width}
            width={Math.max(2, width / count)}
            height={height}
          />
          {sides.map(({ of, name, values }, side) => (
            <path
              key={name}
              className={`of-${of}`}
              d={bars(values, largest, width, middle, side === 0 ? -middle : middle)}
            />
          ))}
          <line x2={width} y1={middle} y2={middle} />
        </svg>
      </div>
    </div>
  );
}

/** @param length of a bar of the largest value; negative goes up */
function bars(
  values: ArrayLike<number>,
  largest: number,
  width: number,
  base: number,
  length: number,
): string {
  const pitch = width / Math.max(1, values.length);
  const thickness = Math.max(0.75, Math.min(pitch - 2, 22));
  return Array.from(values, (value, i) => {
    const x = (i + 0.5) * pitch - thickness / 2;
    const tall = (value / largest) * length * 0.94;
    return `M${x.toFixed(1)} ${base}v${tall.toFixed(1)}h${thickness.toFixed(1)}v${(-tall).toFixed(1)}z`;
  }).join('');
}

function largestOf(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
