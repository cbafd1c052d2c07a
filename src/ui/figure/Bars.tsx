import { useSize } from '../parts/useSize';
import styles from './figure.module.css';

interface Props {
  values: ArrayLike<number>;
  height: number;
  /** Draws the line of 1/N: shares of 1 that are all the same end there. */
  hasLevel?: boolean;
}

/** Little bars without labels, as high as the largest value allows. Many values share bars: each shows their largest. */
export function Bars({ values, height, hasLevel = false }: Props) {
  const [ref, { width }] = useSize<SVGSVGElement>();
  const shown = pool(values, Math.max(1, Math.floor(width / 5)));
  const level = hasLevel && values.length > 0 ? 1 / values.length : 0;
  const largest = Math.max(1e-9, 2 * level, ...shown);
  const y = height * (1 - level / largest);
  return (
    <svg ref={ref} className={styles.bars} height={height} aria-hidden="true">
      <path d={barsPath(shown, largest, width, height)} />
      {level > 0 && <line x2="100%" y1={y} y2={y} />}
    </svg>
  );
}

function barsPath(values: number[], largest: number, width: number, height: number): string {
  const pitch = width / Math.max(10, values.length);
  const thickness = Math.max(1, Math.min(12, pitch - 2));
  return values
    .map((value, i) => {
      const length = Math.max(1.5, (value / largest) * height);
      return `M${(i * pitch).toFixed(1)} ${height}v${-length.toFixed(1)}h${thickness.toFixed(1)}v${length.toFixed(1)}z`;
    })
    .join('');
}

/** At most `most` values: the largest of each run of neighbours. */
function pool(values: ArrayLike<number>, most: number): number[] {
  const all = Array.from(values);
  const size = Math.ceil(all.length / most);
  return Array.from({ length: Math.ceil(all.length / size) || 0 }, (_, i) =>
    Math.max(...all.slice(i * size, (i + 1) * size)),
  );
}
