import clsx from 'clsx';
import type { Prediction } from '../../evaluate/results';
import { percentage } from '../../page/format';
import { isRight } from '../../page/inspect/order';
import { useLabel } from '../parts/labels';
import styles from './inspect.module.css';

const FEW = 3;

interface Props {
  of: 'teacher' | 'student';
  label: string;
  prediction: Prediction;
  /** All five, not the first three. */
  all: boolean;
}

/** A model's likeliest texts for an image. */
export function Guesses({ of, label, prediction, all }: Props) {
  const name = useLabel();
  const guesses = prediction[of];
  return (
    <ol className={clsx(styles.guesses, `of-${of}`)} aria-label={label}>
      {guesses.slice(0, all ? guesses.length : FEW).map(({ text, probability }) => (
        <li
          key={text}
          data-right={isRight(prediction, text)}
          title={`${name(text)}, ${percentage(probability)}`}
        >
          <i style={{ transform: `scaleX(${probability})` }} />
          <span>{name(text)}</span>
          <em>{Math.round(probability * 100)}</em>
        </li>
      ))}
    </ol>
  );
}
