import { clsx } from 'clsx';
import { Pencil } from 'lucide-react';
import type { ImageAnswers } from '../../../evaluate/results';
import { cosine, percentage } from '../../../page/format';
import { probabilities, shortList } from '../../../page/inspect/ranks';
import { asTyped } from '../../../page/inspect/template';
import styles from './AnswerList.module.css';

/** Texts that are always shown of each model; typed ones come below them. */
const FEW = 5;

interface Props {
  owner: 'teacher' | 'student';
  answers: ImageAnswers;
  /** What the user typed, as it is encoded. */
  typed: string[];
  template: string | undefined;
}

/** A model's likeliest texts for an image, and where it puts the typed ones. */
export function AnswerList({ owner, answers, typed, template }: Props) {
  const { texts, scale, [owner]: logits } = answers;
  const shares = probabilities(logits);
  const mine = new Set(typed.map((text) => texts.indexOf(text)));
  const name = owner === 'teacher' ? 'Teacher' : 'Student';
  return (
    <div className={clsx(styles.answer, `of-${owner}`)}>
      <h3>
        <i className="swatch" />
        {name}
      </h3>
      <ol aria-label={`${name}’s answers`}>
        {shortList(logits, FEW, mine).map(({ index, rank }) => {
          const asCosine = cosine(logits[index] / scale);
          return (
            <li
              key={texts[index]}
              className={clsx(rank > FEW && styles.further)}
              title={`${rank}. “${texts[index]}”: ${percentage(shares[index])}, cosine ${asCosine}`}
            >
              <i style={{ transform: `scaleX(${shares[index]})` }} />
              <small>{rank}</small>
              <span className={styles.text}>{asTyped(texts[index], template)}</span>
              {mine.has(index) && (
                <>
                  <Pencil aria-hidden="true" />
                  <span className="unseen">typed</span>
                </>
              )}
              {texts.length === 1 && <em>cosine {asCosine}</em>}
              <em>{percentage(shares[index])}</em>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
