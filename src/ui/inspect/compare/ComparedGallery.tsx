import { useMemo, useState } from 'react';
import type { Prediction } from '../../../evaluate/results';
import { hasIt, type Pair, pairsOf } from '../../../page/inspect/compare';
import type { Evaluated } from '../../../page/inspect/compared';
import { type CardContent, Gallery } from '../Gallery';
import { Guesses } from '../Guesses';
import styles from './ComparedGallery.module.css';
import { type Side, useSides } from './useSides';

interface Props {
  predictions: Prediction[];
  chosen: number | undefined;
  other: Evaluated;
}

/** The gallery with the answers of two students to each image, of two moments or two runs. */
export default function ComparedGallery({ predictions, chosen, other }: Props) {
  const [isChangedAlone, setChangedAlone] = useState(false);
  const sides = useSides(other);
  const pairs = useMemo(() => sides && pairsOf(sides), [sides]);
  if (!sides || !pairs) return null;
  const both = predictions.filter(({ image }) => pairs.has(image));
  const changed = both.filter(({ image }) => pairs.get(image)?.isChanged);
  return (
    <>
      <div className={styles.summary}>
        <Summary sides={sides} pairs={both.flatMap(({ image }) => pairs.get(image) ?? [])} />
        <label>
          <input type="checkbox" checked={isChangedAlone} onChange={() => setChangedAlone(!isChangedAlone)} />
          only these
        </label>
      </div>
      <Gallery
        predictions={isChangedAlone ? changed : both}
        chosen={chosen}
        contentOf={({ image }, isChosen) => contentOf(pairs.get(image), sides, isChosen)}
      />
    </>
  );
}

/** How many answers differ, and which of both students is right then. */
function Summary({ sides: [a, b], pairs }: { sides: [Side, Side]; pairs: Pair[] }) {
  const changed = pairs.filter(({ isChanged }) => isChanged);
  const better = (one: 'first' | 'second', than: 'first' | 'second') =>
    changed.filter((pair) => hasIt(pair[one]) && !hasIt(pair[than])).length;
  return (
    <p>
      <b>
        {changed.length} of {pairs.length}
      </b>{' '}
      answers differ: <b>{better('first', 'second')}</b> right only with {a.name},{' '}
      <b>{better('second', 'first')}</b> with {b.name}
    </p>
  );
}

function contentOf(pair: Pair | undefined, [a, b]: [Side, Side], all: boolean): CardContent {
  if (!pair) return { verdict: '', answers: null };
  const { first, second, isChanged } = pair;
  const words = (prediction: Prediction) => (hasIt(prediction) ? 'right' : 'wrong');
  return {
    verdict: isChanged ? `${words(first)} → ${words(second)}` : words(first),
    isMarked: isChanged,
    answers: (
      <div className={styles.answers}>
        {[
          { name: a.name, prediction: first },
          { name: b.name, prediction: second },
        ].map(({ name, prediction }) => (
          <div key={name}>
            <small title={name}>{name}</small>
            <Guesses of="student" label={`Student, ${name}`} prediction={prediction} all={all} />
          </div>
        ))}
      </div>
    ),
  };
}
