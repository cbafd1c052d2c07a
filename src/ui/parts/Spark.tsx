import { history } from '../../page/store';
import styles from './Spark.module.css';
import { useStore } from './stores';
import { useSize } from './useSize';

const STEPS = 200;

/** The course of a figure over the last steps, as a small line in the colour around it. */
export function Spark({ column, height }: { column: string; height: number }) {
  const [ref, { width }] = useSize<SVGSVGElement>();
  useStore((state) => state.version);
  const values = history.column(column).subarray(-STEPS).filter(Number.isFinite);
  return (
    <svg ref={ref} className={styles.spark} height={height} aria-hidden="true">
      <path d={line(values, width, height)} />
    </svg>
  );
}

function line(values: Float64Array, width: number, height: number): string {
  if (values.length < 2) return '';
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const points = Array.from(values, (value, i) => {
    const x = (i / (values.length - 1)) * width;
    const y = 1 + (1 - (value - low) / (high - low || 1)) * (height - 2);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return `M${points.join('L')}`;
}
