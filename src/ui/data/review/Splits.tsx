import clsx from 'clsx';
import { useId } from 'react';
import type { SectionProps } from '../../../page/data/draft';
import { count } from '../../../page/format';
import type { DataSummary } from '../../../worker/api';
import { StopSlider } from '../../parts/StopSlider';
import { Switch } from '../../parts/Switch';
import styles from './review.module.css';

const percents = [0, 5, 10, 15, 20, 25, 30, 40, 50];

/** What is trained on and what is tested on. */
export function Splits({ data, draft, onChange }: SectionProps & { data: DataSummary }) {
  const { options } = draft;
  const set = (change: Partial<typeof options>) => onChange({ options: { ...options, ...change } });
  const { nearDuplicates, straddling, leftOut } = data.duplicates;
  return (
    <div className={styles.splits}>
      <p>
        Now:{' '}
        {Object.entries(data.splits)
          .map(
            ([split, images]) =>
              `${count(images)} ${split === 'all' ? 'to train on, none to test on' : split}`,
          )
          .join(', ')}
        .
      </p>
      {data.hasOwnTest ? (
        <p className="muted">The data says itself what to test on, which stays as it is.</p>
      ) : (
        <div>
          <StopSlider
            label="Kept for testing, %"
            value={Math.round(100 * (options.testShare ?? 0))}
            stops={percents}
            isValid={(percent) => percent >= 0 && percent <= 90}
            onChange={(percent) => set({ testShare: percent / 100 })}
          />
          <p className="muted">Of every class alike. Images that look alike stay together.</p>
        </div>
      )}
      {data.classes.length > 0 && !options.classes && (
        <>
          <PerClass
            label="Training images a class"
            help="A number learns from so few (few-shot, usually 1, 2, 4, 8 or 16); the rest is left unused. Empty: all."
            least={1}
            value={options.shots}
            onChange={(shots) => set({ shots })}
          />
          <PerClass
            label="Labelled images a class"
            help="Of more, the rest is trained on without its label. Empty: all are labelled."
            least={0}
            value={options.labelsPerClass}
            onChange={(labelsPerClass) => set({ labelsPerClass })}
          />
        </>
      )}
      <div className={styles.switched}>
        <Switch
          label="Leave out training images that look like a test image"
          isOn={options.moveNearDuplicates ?? false}
          onChange={(moveNearDuplicates) => set({ moveNearDuplicates })}
        />
        <div>
          Leave out training images that look like a test image
          <p className="muted" aria-live="polite">
            So that nothing is tested on that was nearly trained on; the test images stay as they are. So far{' '}
            {count(nearDuplicates)} look like another, {count(straddling)} of them across the splits;{' '}
            {count(leftOut)} left out.
          </p>
        </div>
      </div>
    </div>
  );
}

interface PerClassProps {
  label: string;
  help: string;
  least: number;
  value?: number;
  onChange: (value?: number) => void;
}

/** At most so many of each class; all where undefined. */
function PerClass({ label, help, least, value, onChange }: PerClassProps) {
  const id = useId();
  return (
    <div className={clsx(styles.labelled, styles.isRow)}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="number"
        className="field"
        min={least}
        step={1}
        placeholder="all"
        aria-describedby={`${id}-help`}
        value={value ?? ''}
        onChange={({ target }) =>
          onChange(target.value === '' ? undefined : Math.max(least, Math.round(target.valueAsNumber)))
        }
      />
      <p id={`${id}-help`} className="muted">
        {help}
      </p>
    </div>
  );
}
