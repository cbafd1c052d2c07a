import { binX, identity, lineY, type PlotOptions, rectY, ruleY } from '@observablehq/plot';
import { useMemo } from 'react';
import type { FeatureStatistics } from '../../../evaluate/results';
import { StaticChart } from './StaticChart';

const BINS = 24;

interface Props {
  features: FeatureStatistics | undefined;
  of: 'Mean' | 'Variance';
  name: string;
}

/** Both models' values of all features as two histograms over one axis: the teacher's filled, the student's a line. */
export function Spread({ features, of, name }: Props) {
  const options = useMemo(
    () => features && optionsOf(features[`teacher${of}`], features[`student${of}`]),
    [features, of],
  );
  return (
    <figure>
      <figcaption>
        {features?.teacherMean.length ?? 'd'} features by their {of.toLowerCase()}
      </figcaption>
      {options && <StaticChart label={`Spread of the ${name} of teacher and student`} options={options} />}
    </figure>
  );
}

function optionsOf(teacher: Float32Array, student: Float32Array): PlotOptions {
  const low = Math.min(...teacher, ...student);
  const high = Math.max(...teacher, ...student);
  const margin = (high - low) * 0.08 || 1e-6;
  const thresholds = Array.from(
    { length: BINS + 1 },
    (_, i) => low - margin + ((high - low + 2 * margin) * i) / BINS,
  );
  const counted = { x: identity, thresholds };
  return {
    marginLeft: 26,
    marginRight: 6,
    marginTop: 6,
    marginBottom: 20,
    x: { label: null, ticks: 4, tickSize: 0 },
    y: { label: null, ticks: 3, tickSize: 0, grid: true },
    marks: [
      rectY(teacher, { ...binX({ y: 'count' }, counted), fill: 'var(--teacher)', fillOpacity: 0.4 }),
      lineY(student, {
        // Empty bins too: the line runs along the axis there.
        ...binX({ y: 'count', filter: null }, counted),
        stroke: 'var(--student)',
        strokeWidth: 1.75,
        curve: 'step',
      }),
      ruleY([0], { stroke: 'var(--line-strong)' }),
    ],
  };
}
