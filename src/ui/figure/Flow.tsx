import clsx from 'clsx';
import { useMemo } from 'react';
import { methods } from '../../distill/methods/methods';
import { shownRun } from '../../page/store';
import { useStore } from '../parts/stores';
import styles from './figure.module.css';
import { Gradients } from './Gradients';
import { type Layout, route } from './layOut';
import { forwardLines } from './lines';

/** The lines of the figure: what flows where. Dots move along them while a run goes on. */
export function Flow({ layout }: { layout: Layout }) {
  const isMoving = useStore((state) => state.phase === 'running');
  const isSparing = useStore(({ device }) => device?.isSoftware || device?.backend === 'wasm');
  const { boxes } = methods[useStore(shownRun).method];
  const lines = useMemo(() => forwardLines(layout, boxes), [layout, boxes]);
  return (
    <svg
      className={clsx(styles.flow, isMoving && styles.isMoving, isSparing && styles.isSparing)}
      aria-hidden="true"
    >
      <defs>
        {(['data', 'teacher', 'student', 'kl'] as const).map((owner) => (
          <marker
            key={owner}
            id={`head-${owner}`}
            className={`of-${owner}`}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="8"
            markerHeight="8"
            markerUnits="userSpaceOnUse"
            orient="auto"
          >
            <path className={styles.head} d="M0 0 8 4 0 8z" />
          </marker>
        ))}
      </defs>
      {lines.map(({ owner, points, isDashed }) => {
        const path = route(points);
        return (
          <g key={path} className={`of-${owner}`}>
            <path
              d={path}
              className={clsx(styles.line, isDashed && styles.isDashed)}
              markerEnd={`url(#head-${owner})`}
            />
            <path d={path} className={styles.dots} />
          </g>
        );
      })}
      <Gradients layout={layout} />
    </svg>
  );
}
