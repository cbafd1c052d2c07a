import { useState } from 'react';
import { studentOf, studentSizes, type TowerSizes, whyNot } from '../../page/models/studentSizes';
import type { NewStudent } from '../../run/student';
import { StopSlider } from '../parts/StopSlider';
import { useStore } from '../parts/stores';
import styles from './modelDialog.module.css';

interface Props {
  value?: NewStudent;
  onChoose: (student?: NewStudent) => void;
}

const fields: [keyof TowerSizes, string][] = [
  ['width', 'Width'],
  ['layers', 'Layers'],
  ['heads', 'Heads'],
  ['patch', 'Patch, px'],
  ['image', 'Image, px'],
];

/** A student of random weights: of a usual size, or of one's own. */
export function RandomStudent({ value, onChoose }: Props) {
  const [own, setOwn] = useState<TowerSizes>(studentSizes[1].sizes);
  const projectionDim = useStore((state) => state.teacher?.projectionDim);
  const wrong = whyNot(own);
  const change = (change: Partial<TowerSizes>) => {
    const sizes = { ...own, ...change };
    setOwn(sizes);
    onChoose(whyNot(sizes) ? undefined : studentOf(sizes, projectionDim));
  };
  return (
    <div className={styles.randomStudent}>
      <div className={styles.sizes}>
        {studentSizes.map(({ name, sizes }) => {
          const student = studentOf(sizes);
          return (
            <button
              type="button"
              key={name}
              className={styles.size}
              aria-pressed={JSON.stringify(student) === JSON.stringify(value)}
              onClick={() => onChoose(student)}
            >
              <b>{name}</b>
              <span>
                {sizes.layers} layers × {sizes.width}
              </span>
            </button>
          );
        })}
      </div>
      <fieldset className={styles.ownSizes} aria-describedby="own-sizes-help">
        <legend>Or your own sizes</legend>
        {fields.map(([field, label]) => (
          <label key={field}>
            {label}
            <input
              type="number"
              className="field"
              min={1}
              value={Number.isNaN(own[field]) ? '' : own[field]}
              aria-invalid={wrong?.fields.includes(field) ?? false}
              onChange={({ target }) => change({ [field]: target.valueAsNumber })}
            />
          </label>
        ))}
        <p id="own-sizes-help" className={wrong ? 'wrong' : 'muted'} aria-live="polite">
          {wrong?.sentence ??
            'Heads divide the width, patches fill the image. The image may be smaller than the teacher’s; each model gets its own.'}
        </p>
      </fieldset>
    </div>
  );
}

/** A student that keeps some of the teacher's layers. */
export function CutStudent({ value, onChoose }: Props) {
  const teacher = useStore((state) => state.teacher);
  if (!teacher) return <p className="muted">The teacher is not loaded yet.</p>;
  const layers = value && 'layers' in value ? value.layers : Math.ceil(teacher.layers / 2);
  const stops = Array.from({ length: teacher.layers }, (_, i) => i + 1);
  return (
    <div className={styles.cutStudent}>
      <StopSlider
        label={`Layers kept of ${teacher.layers}`}
        value={layers}
        stops={stops}
        isValid={(n) => stops.includes(n)}
        onChange={(n) => onChoose({ from: 'teacher', layers: n })}
      />
      <p className="muted">
        Spread evenly, the first and the last among them. All weights begin as the teacher’s, and all of the
        image tower is trained. Its images have the teacher’s size.
      </p>
    </div>
  );
}
