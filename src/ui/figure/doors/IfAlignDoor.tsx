import { useStore } from '../../parts/stores';
import { useSizes } from '../useSizes';
import { DoorPage } from './DoorPage';
import styles from './doors.module.css';
import { Spread } from './Spread';
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
        `w_{\\text{align}}\\,(L_{\\text{mean}} + L_{\\text{var}}) = ${texNumber(metrics && alignWeight * (metrics.mean + metrics.variance))}`,
      ]}
    >
      <div className={styles.sideBySide}>
        <Spread features={features} of="Mean" name="means" />
        <Spread features={features} of="Variance" name="variances" />
      </div>
      <p className={styles.key}>
        <i className="swatch of-teacher" /> teacher <i className="swatch of-student" /> student, over the
        images of the last evaluation
      </p>
    </DoorPage>
  );
}
