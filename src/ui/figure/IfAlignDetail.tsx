import type { FeatureStatistics } from '../../evaluate/results';
import { density } from '../densities';
import { loss } from '../format';
import { useSize } from '../parts/useSize';
import { useStore } from '../store';
import { Sym } from './Symbol';
import { useSizes } from './useSizes';

/** How the features of both models are spread: means and variances over the images, one of each a feature. */
export function IfAlignDetail() {
  const metrics = useStore((state) => state.metrics);
  const features = useStore((state) => state.evaluation?.features);
  const reduction = useStore((state) => state.loadedRun.loss.reduction);
  const sizes = useSizes();
  const over = reduction === 'mean' ? 'mean' : 'Σ';
  return (
    <div className="detail-pair of-ifalign">
      <figure>
        <p className="formula">
          L<sub>mean</sub> = {over} |<Sym of="mus" sizes={sizes} /> − <Sym of="mut" sizes={sizes} />|
        </p>
        <Densities features={features} teacher="teacherMean" student="studentMean" />
        <figcaption>
          {sizes.d ?? 'd'} means <b>{loss(metrics?.mean)}</b>
        </figcaption>
      </figure>
      <figure>
        <p className="formula">
          L<sub>var</sub> = {over} |<Sym of="vars" sizes={sizes} /> − <Sym of="vart" sizes={sizes} />|
        </p>
        <Densities features={features} teacher="teacherVariance" student="studentVariance" />
        <figcaption>
          {sizes.d ?? 'd'} variances <b>{loss(metrics?.variance)}</b>
        </figcaption>
      </figure>
    </div>
  );
}

interface DensitiesProps {
  features: FeatureStatistics | undefined;
  teacher: keyof FeatureStatistics;
  student: keyof FeatureStatistics;
}

const POINTS = 64;

function Densities({ features, teacher, student }: DensitiesProps) {
  const [ref, { width, height }] = useSize<SVGSVGElement>();
  const shapes = features && compare(features[teacher], features[student]);
  return (
    <svg ref={ref} className="densities" role="img" aria-label="Teacher and student, spread of the features">
      {shapes?.map((heights, i) => (
        <path
          key={i === 0 ? 'teacher' : 'student'}
          className={i === 0 ? 'of-teacher' : 'of-student'}
          d={area(heights, width, height)}
        />
      ))}
    </svg>
  );
}

/** Both densities over the range of both, scaled so that the higher one reaches 1. */
function compare(teacher: Float32Array, student: Float32Array): number[][] {
  const low = Math.min(...teacher, ...student);
  const high = Math.max(...teacher, ...student);
  const margin = (high - low) * 0.12 || 1e-6;
  const both = [teacher, student].map((values) => density(values, low - margin, high + margin, POINTS));
  const top = Math.max(...both.flat(), 1e-9);
  return both.map((heights) => heights.map((value) => value / top));
}

function area(heights: number[], width: number, height: number): string {
  const base = height - 1;
  const points = heights.map(
    (h, i) => `${((i / (POINTS - 1)) * width).toFixed(1)} ${(base - h * (base - 3)).toFixed(1)}`,
  );
  return `M0 ${base}L${points.join('L')}L${width} ${base}`;
}
