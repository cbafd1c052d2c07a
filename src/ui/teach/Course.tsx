import styles from './teach.module.css';

const [WIDTH, HEIGHT] = [200, 40];

/** A figure's course over the steps so far, as a line. */
export function Course({ values }: { values: number[] }) {
  const finite = values.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const points = finite.map((value, i) => {
    const x = (i / Math.max(1, finite.length - 1)) * WIDTH;
    const y = 1 + (1 - (value - low) / (high - low || 1)) * (HEIGHT - 2);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return (
    <svg
      className={styles.course}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {points.length > 1 && <path d={`M${points.join('L')}`} />}
    </svg>
  );
}
