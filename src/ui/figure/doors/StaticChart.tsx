import { type PlotOptions, plot } from '@observablehq/plot';
import { useEffect, useRef } from 'react';
import { useSize } from '../../parts/useSize';
import styles from './charts.module.css';

interface Props {
  /** Read out for it; without one, what is around it says what it shows. */
  label?: string;
  /** Of Observable Plot; drawn anew where they are another object. */
  options: PlotOptions;
}

/** A chart that fills its element. */
export function StaticChart({ label, options }: Props) {
  const [ref, { width, height }] = useSize<HTMLDivElement>();
  const chart = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (width > 0 && height > 0) chart.current?.replaceChildren(plot({ ...options, width, height }));
  }, [options, width, height]);
  return (
    <div ref={ref} className={styles.chart} role="img" aria-label={label} aria-hidden={!label}>
      <div ref={chart} aria-hidden="true" />
    </div>
  );
}
