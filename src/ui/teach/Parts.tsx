import type { ReactNode } from 'react';
import { loss } from '../../page/format';
import type { TeachingState } from '../../page/teach/teaching';
import { useStore } from '../parts/stores';
import { Course } from './Course';
import styles from './teach.module.css';

/** How many images and texts a stage learns from, and the towers that read them, as a figure's first two columns. */
export function TowersOf({ image, text }: { image: string; text: string }) {
  const data = useStore((state) => state.data);
  const teacher = useStore((state) => state.teacher);
  const areClasses = data !== undefined && data.classes.length > 0;
  return (
    <>
      <p>
        <b>{data?.training.labelled ?? '–'}</b> images
      </p>
      <div className="of-teacher">
        <b>Image tower</b>
        <small>{image}</small>
        <small>{teacher?.description}</small>
      </div>
      <p>
        <b>{data?.texts ?? '–'}</b> {areClasses ? 'class texts' : 'captions'}
        {areClasses && <small>“{data.promptTemplate}”</small>}
      </p>
      <div className="of-teacher">
        <b>Text tower</b>
        <small>{text}</small>
      </div>
    </>
  );
}

interface LossProps {
  title: string;
  formula: ReactNode;
  terms: ReactNode;
  totals: TeachingState<unknown>['totals'];
}

/** The loss of a stage: its formula, its value now and its course. */
export function LossOf({ title, formula, terms, totals }: LossProps) {
  const hasBegun = totals.length > 0;
  return (
    <div className={styles.loss}>
      <b>{title}</b>
      <span>
        L = {formula}
        {hasBegun && (
          <>
            {' = '}
            <output aria-label={title}>{loss(totals.at(-1))}</output>
          </>
        )}
      </span>
      <small>{hasBegun ? terms : 'its terms come with the first step'}</small>
      <Course values={totals} />
    </div>
  );
}

export const isWhole =
  (least: number) =>
  (value: number): boolean =>
    Number.isInteger(value) && value >= least;
