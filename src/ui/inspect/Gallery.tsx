import clsx from 'clsx';
import { useState } from 'react';
import type { Guess, Prediction } from '../../evaluate/results';
import { percentage } from '../../page/format';
import { chosenStore } from '../../page/inspect/chosen';
import { isRight } from '../../page/inspect/order';
import { DataImage } from '../parts/DataImage';
import { useLabel } from '../parts/labels';
import { useStore } from '../parts/stores';
import styles from './inspect.module.css';

const FEW = 3;
const CARDS = 48;

/** A card an image: the truth, and both models' likeliest texts. The chosen one shows all five and is what the figure follows. */
export function Gallery({ predictions, chosen }: { predictions: Prediction[]; chosen: number | undefined }) {
  const data = useStore((state) => state.data?.name);
  const [limit, setLimit] = useState(CARDS);
  return (
    <ul className={styles.gallery}>
      {predictions.slice(0, limit).map((prediction) => (
        <Card
          key={`${data} ${prediction.image}`}
          prediction={prediction}
          isChosen={prediction.image === chosen}
        />
      ))}
      {predictions.length > limit && (
        <li className={styles.more}>
          <button type="button" className="button" onClick={() => setLimit(limit + CARDS)}>
            {predictions.length - limit} more
          </button>
        </li>
      )}
    </ul>
  );
}

function Card({ prediction, isChosen }: { prediction: Prediction; isChosen: boolean }) {
  const label = useLabel();
  const { image, truth, teacher, student } = prediction;
  const name = truth.map(label).join(', ');
  return (
    <li className={styles.card} data-chosen={isChosen}>
      <div className={styles.cardHead}>
        <DataImage index={image} alt={name} />
        <div className={styles.cardName}>
          <button
            type="button"
            aria-pressed={isChosen}
            title={`${prediction.path}: ${name}`}
            onClick={() => chosenStore.setState({ image: isChosen ? undefined : image })}
          >
            {name}
          </button>
          <small>{verdict(prediction)}</small>
        </div>
      </div>
      <Guesses owner="teacher" guesses={teacher} prediction={prediction} all={isChosen} />
      <Guesses owner="student" guesses={student} prediction={prediction} all={isChosen} />
    </li>
  );
}

interface GuessesProps {
  owner: 'teacher' | 'student';
  guesses: Guess[];
  prediction: Prediction;
  all: boolean;
}

function Guesses({ owner, guesses, prediction, all }: GuessesProps) {
  const label = useLabel();
  return (
    <ol
      className={clsx(styles.guesses, `of-${owner}`)}
      aria-label={owner === 'teacher' ? 'Teacher' : 'Student'}
    >
      {guesses.slice(0, all ? guesses.length : FEW).map(({ text, probability }) => (
        <li
          key={text}
          data-right={isRight(prediction, text)}
          title={`${label(text)}, ${percentage(probability)}`}
        >
          <i style={{ transform: `scaleX(${probability})` }} />
          <span>{label(text)}</span>
          <em>{Math.round(probability * 100)}</em>
        </li>
      ))}
    </ol>
  );
}

function verdict(prediction: Prediction): string {
  const teacher = isRight(prediction, prediction.teacher[0]?.text);
  const student = isRight(prediction, prediction.student[0]?.text);
  if (teacher && student) return 'both right';
  if (teacher) return 'student wrong';
  return student ? 'teacher wrong' : 'both wrong';
}
