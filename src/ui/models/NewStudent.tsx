import { useState } from 'react';
import { studentOf, studentSizes, type TowerSizes, whyNot } from '../../page/models/studentSizes';
import type { NewStudent } from '../../run/student';
import { Segments } from '../parts/Segments';
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

const picks = [
  ['spread', 'Spread layers'],
  ['front', 'Front of all layers'],
] as const;

const pickHelp = {
  spread: 'Spread evenly, the first and the last among them.',
  front:
    'TinyCLIP’s inheritance: of every tensor the front, whole heads, from the first layer on at even steps.',
};

/** A student that keeps a part of the teacher's image tower. */
export function CutStudent({ value, onChoose }: Props) {
  const teacher = useStore((state) => state.teacher);
  if (!teacher) return <p className="muted">The teacher is not loaded yet.</p>;
  const cut = value && 'layers' in value ? value : undefined;
  const { layers = Math.ceil(teacher.layers / 2), pick = 'spread', width = teacher.width } = cut ?? {};
  const widths = upTo(teacher.heads).map((heads) => (heads * teacher.width) / teacher.heads);
  const choose = (change: { layers?: number; width?: number; pick?: typeof pick }) => {
    const next = { from: 'teacher' as const, layers, pick, width, ...change };
    onChoose({ ...next, width: next.pick === 'front' ? next.width : undefined });
  };
  return (
    <div className={styles.cutStudent}>
      <Segments
        label="What it keeps"
        value={pick}
        options={picks}
        onChange={(next) => choose({ pick: next })}
      />
      <StopSlider
        label={`Layers kept of ${teacher.layers}`}
        value={layers}
        stops={upTo(teacher.layers)}
        isValid={(n) => upTo(teacher.layers).includes(n)}
        onChange={(n) => choose({ layers: n })}
      />
      {pick === 'front' && (
        <StopSlider
          label={`Width kept of ${teacher.width}`}
          value={width}
          stops={widths}
          isValid={(n) => widths.includes(n)}
          onChange={(n) => choose({ width: n })}
        />
      )}
      <p className="muted">
        {pickHelp[pick]} All weights begin as the teacher’s, and all of the image tower is trained. Its images
        have the teacher’s size.
      </p>
    </div>
  );
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
