import type { FeatureStatistics } from '../../../evaluate/results';
import { density } from '../../densities';
import { loss } from '../../format';
import { useSize } from '../../parts/useSize';
import { useStore } from '../../store';
import { useSizes } from '../useSizes';
import { DoorPage } from './DoorPage';
import { firstOf, texNumber } from './tex';

/** How the features of both models are spread: means and variances over the images, one of each a feature. */
export function IfAlignDoor() {
  const metrics = useStore((state) => state.metrics);
  const features = useStore((state) => state.evaluation?.features);
  const { reduction, alignWeight } = useStore((state) => state.loadedRun.loss);
  const { d } = useSizes();
  const over = reduction === 'mean' ? '\\operatorname{mean}' : '\\textstyle\\sum';
  const spokenOver = reduction === 'mean' ? 'mean' : 'sum';
  const numbers = (index: string, symbol: string, value: number | undefined) =>
    `L_{\\text{${index}}} = ${over}_{${d ?? 'd'}}\\,|${symbol}_s - ${symbol}_t| = ${texNumber(value)}`;
  return (
    <DoorPage
      says="Over a batch, the student’s features shall be spread like the teacher’s: feature by feature the same mean and the same variance."
      formulas={[
        {
          tex: `L_{\\text{mean}} = ${over}_d\\,|\\mus - \\mut|`,
          spoken: `L mean = ${spokenOver} of |μₛ − μₜ| over the features`,
        },
        {
          tex: `L_{\\text{var}} = ${over}_d\\,|\\vars - \\vart|`,
          spoken: `L var = ${spokenOver} of |σ²ₛ − σ²ₜ| over the features`,
        },
      ]}
      values={{
        mut: firstOf(features?.teacherMean),
        mus: firstOf(features?.studentMean),
        vart: firstOf(features?.teacherVariance),
        vars: firstOf(features?.studentVariance),
      }}
      numbers={[
        numbers('mean', '\\mu', metrics?.mean),
        numbers('var', '\\sigma^2', metrics?.variance),
        `w_{\\text{align}}\\,(L_{\\text{mean}} + L_{\\text{var}}) = ${texNumber(metrics && alignWeight * metrics.align)}`,
      ]}
    >
      <div className="side-by-side">
        <Spread features={features} of="Mean" name="means" />
        <Spread features={features} of="Variance" name="variances" />
      </div>
      <p className="key">
        <i className="swatch of-teacher" /> teacher <i className="swatch of-student" /> student, over the
        images of the last evaluation
      </p>
    </DoorPage>
  );
}

interface SpreadProps {
  features: FeatureStatistics | undefined;
  of: 'Mean' | 'Variance';
  name: string;
}

const POINTS = 64;

/** Both models' values of all features as two densities over one axis. */
function Spread({ features, of, name }: SpreadProps) {
  const [ref, { width, height }] = useSize<SVGSVGElement>();
  const compared = features && compare(features[`teacher${of}`], features[`student${of}`]);
  return (
    <figure>
      <figcaption>
        {features?.teacherMean.length ?? 'd'} {name}
      </figcaption>
      <svg
        ref={ref}
        className="densities"
        role="img"
        aria-label={`Spread of the ${name} of teacher and student`}
      >
        {compared?.heights.map((heights, i) => (
          <path
            key={i === 0 ? 'teacher' : 'student'}
            className={i === 0 ? 'of-teacher' : 'of-student'}
            d={area(heights, width, height)}
          />
        ))}
      </svg>
      <p className="ends">
        <span>{loss(compared?.low)}</span>
        <span>{loss(compared?.high)}</span>
      </p>
    </figure>
  );
}

/** Both densities over the range of both, scaled so that the higher one reaches 1. */
function compare(teacher: Float32Array, student: Float32Array) {
  const lowest = Math.min(...teacher, ...student);
  const highest = Math.max(...teacher, ...student);
  const margin = (highest - lowest) * 0.12 || 1e-6;
  const [low, high] = [lowest - margin, highest + margin];
  const both = [teacher, student].map((values) => density(values, low, high, POINTS));
  const top = Math.max(...both.flat(), 1e-9);
  return { low, high, heights: both.map((heights) => heights.map((value) => value / top)) };
}

function area(heights: number[], width: number, height: number): string {
  const base = height - 1;
  const points = heights.map(
    (h, i) => `${((i / (POINTS - 1)) * width).toFixed(1)} ${(base - h * (base - 3)).toFixed(1)}`,
  );
  return `M0 ${base}L${points.join('L')}L${width} ${base}`;
}
