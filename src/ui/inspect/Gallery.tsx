import { type ReactNode, useState } from 'react';
import type { Prediction } from '../../evaluate/results';
import { chosenStore } from '../../page/inspect/chosen';
import { isRight } from '../../page/inspect/order';
import { DataImage } from '../parts/DataImage';
import { useLabel } from '../parts/labels';
import { useStore } from '../parts/stores';
import { Guesses } from './Guesses';
import styles from './inspect.module.css';

const CARDS = 48;

interface Props {
  predictions: Prediction[];
  chosen: number | undefined;
  /** What a card says of its image; both models' likeliest texts where it is left out. */
  contentOf?: (prediction: Prediction, isChosen: boolean) => CardContent;
}

export interface CardContent {
  /** What the answers come to, in a few words. */
  verdict: string;
  isMarked?: boolean;
  answers: ReactNode;
}

/** A card an image: the truth, and what is answered to it. The chosen one shows all five answers and is what the figure follows. */
export function Gallery({ predictions, chosen, contentOf = bothModels }: Props) {
  const data = useStore((state) => state.data?.name);
  const [limit, setLimit] = useState(CARDS);
  return (
    <ul className={styles.gallery}>
      {predictions.slice(0, limit).map((prediction) => (
        <Card
          key={`${data} ${prediction.image}`}
          prediction={prediction}
          isChosen={prediction.image === chosen}
          content={contentOf(prediction, prediction.image === chosen)}
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

interface CardProps {
  prediction: Prediction;
  isChosen: boolean;
  content: CardContent;
}

function Card({ prediction, isChosen, content: { verdict, isMarked, answers } }: CardProps) {
  const label = useLabel();
  const { image, truth } = prediction;
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
          <small className={isMarked ? styles.marked : undefined}>{verdict}</small>
        </div>
      </div>
      {answers}
    </li>
  );
}

const bothModels = (prediction: Prediction, isChosen: boolean): CardContent => ({
  verdict: verdict(prediction),
  answers: (
    <>
      <Guesses of="teacher" label="Teacher" prediction={prediction} all={isChosen} />
      <Guesses of="student" label="Student" prediction={prediction} all={isChosen} />
    </>
  ),
});

function verdict(prediction: Prediction): string {
  const teacher = isRight(prediction, prediction.teacher[0]?.text);
  const student = isRight(prediction, prediction.student[0]?.text);
  if (teacher && student) return 'both right';
  if (teacher) return 'student wrong';
  return student ? 'teacher wrong' : 'both wrong';
}
