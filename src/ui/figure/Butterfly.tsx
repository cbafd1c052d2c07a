import clsx from 'clsx';
import { percent } from '../../page/format';
import { useLabel } from '../parts/labels';
import { useAnswer } from './useWatched';
import styles from './watched.module.css';

const ROWS = 4;

/** Both models' probabilities for the watched image, back to back: the teacher's to the left, the student's to the right. */
export function Butterfly() {
  const answer = useAnswer();
  const label = useLabel();
  const rows = answer ? likeliest(answer.teacher, answer.student) : [];
  return (
    <div className={styles.butterfly}>
      {rows.map((place) => {
        const text = answer?.texts[place] ?? '';
        return (
          <div key={text}>
            <Wing owner="teacher" share={answer?.teacher[place] ?? 0} />
            <span title={text}>{label(text)}</span>
            <Wing owner="student" share={answer?.student[place] ?? 0} />
          </div>
        );
      })}
    </div>
  );
}

function Wing({ owner, share }: { owner: 'teacher' | 'student'; share: number }) {
  return (
    <span className={clsx(styles.wing, `of-${owner}`)}>
      <i style={{ transform: `scaleX(${share})` }} />
      <small>{percent(share)}</small>
    </span>
  );
}

/** The places of the texts that both models together find likeliest. */
const likeliest = (teacher: Float64Array, student: Float64Array): number[] =>
  [...teacher.keys()].sort((a, b) => teacher[b] + student[b] - (teacher[a] + student[a])).slice(0, ROWS);
